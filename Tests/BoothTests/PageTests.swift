import Booth
import FoundationEssentials
import Testing

/// The page repeats the table so that people can read it without the code.
@Test("The page of the booth holds every row of the table, and no other")
func page() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let choices = [ProcessInfo.processInfo.environment["ANIMESNAP_ROOT"], root].compactMap { $0 }
    let file = choices.map { "\($0)/Sources/Booth/Booth.docc/Booth.md" }
        .first { FileManager.default.fileExists(atPath: $0) }
    let text = try String(contentsOfFile: try #require(file, "the page is not there"), encoding: .utf8)
    let written = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("`") }.map(String.init)
    let expected = BoothState.transitions.map(row)
    for line in expected { #expect(written.contains(line), "the page lacks: \(line)") }
    for line in written { #expect(expected.contains(line), "no row of the table: \(line)") }
}

private func row(_ transition: BoothTransition) -> String {
    let phases = transition.phases.map(\.rawValue).joined(separator: ", ")
    let target =
        switch transition.target {
        case .same: ""
        case .rest: "ready, or the phase of the worst fault"
        case .phase(let phase): phase.rawValue
        }
    let actions = transition.actions.map { "\($0)" }.joined(separator: ", ")
        .replacing("Devices.LampPattern.", with: "").replacing("Booth.BoothAction.", with: "")
    return "| \(phases) | `\(transition.event.rawValue)` | \(transition.condition.rawValue) | \(target) | \(actions) |"
}
