/// Something the examination found.
package struct Finding: Encodable, Sendable {
    /// What it means for the appliance.
    package enum Verdict: String, Encodable, Sendable {
        /// As it should be.
        case good
        /// The appliance runs, but not at its best.
        case warning
        /// The appliance cannot do its work.
        case problem

        /// As wide as the widest.
        package var mark: String {
            switch self {
            case .good: "ok     "
            case .warning: "warning"
            case .problem: "PROBLEM"
            }
        }
    }

    /// What was looked at.
    package let subject: String
    /// Whether it is as it should be.
    package let verdict: Verdict
    /// What there is to say, without a full stop.
    package let text: String

    init(_ subject: String, _ text: String) {
        self.init(subject, .good, text)
    }

    init(_ subject: String, _ verdict: Verdict, _ text: String) {
        self.subject = subject
        self.verdict = verdict
        self.text = text
    }
}
