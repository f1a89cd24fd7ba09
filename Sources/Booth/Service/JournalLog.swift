import Glibc
import Logging

/// Log lines on standard error. The journal gets each with its priority (`<4>camera lost`), a terminal in plain words.
public struct JournalLog: LogHandler {
    /// What is left out: everything below.
    public var logLevel: Logger.Level
    /// Values that are added to each line.
    public var metadata: Logger.Metadata = [:]
    private let isForJournal: Bool
    private let descriptor: Int32

    /// A log.
    ///
    /// - Parameters:
    ///   - level: What is left out: everything below.
    ///   - isForJournal: Whether lines begin with their priority.
    ///   - descriptor: Where lines go.
    public init(level: Logger.Level = .info, isForJournal: Bool = Self.isJournalListening, descriptor: Int32 = 2) {
        logLevel = level
        self.isForJournal = isForJournal
        self.descriptor = descriptor
    }

    /// Whether standard error leads to the journal.
    public static var isJournalListening: Bool { getenv("JOURNAL_STREAM") != nil }

    /// A value that is added to each line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a line.
    public func log(event: LogEvent) {
        var line = isForJournal ? "<\(Self.priority(event.level))>" : Self.prefix(event.level)
        // A message is one line in the journal, whatever is in it.
        line += event.message.description.split(separator: "\n").joined(separator: " ")
        let values = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(value)"
        }
        let bytes = Array((line + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func prefix(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "debug: "
        case .info, .notice: ""
        case .warning: "warning: "
        case .error, .critical: "error: "
        }
    }
}
