import FoundationEssentials
import Platform

/// The measured speed of a board, kept in a file for the next start.
///
/// It counts as long as the conditions are the same. A file that is damaged counts as none: measuring again costs less
/// than a second.
public struct SpeedRecord: Sendable {
    /// What the speed depends on.
    public struct Conditions: Codable, Equatable, Sendable {
        /// The program's version.
        public var program: String
        /// The board, or the processor of a machine that is none.
        public var board: String
        /// The kernels.
        public var kernels: String
        /// The threads that paint.
        public var threads: Int

        /// Conditions to measure under.
        public init(program: String, board: String, kernels: String, threads: Int) {
            self.program = program
            self.board = board
            self.kernels = kernels
            self.threads = threads
        }
    }

    /// The file.
    public let path: String

    private struct Content: Codable {
        let conditions: Conditions
        let operationsPerSecond: Double
    }

    /// The record in a folder, which need not be there to read.
    public init(folder: String) { path = "\(folder)/speed.json" }

    /// The speed that was measured under these conditions; nil when there is none.
    public func speed(under conditions: Conditions) -> PaintingSpeed? {
        guard let bytes = try? FileContent.bytes(of: path, upTo: 65_536),
            let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.conditions == conditions
        else { return nil }
        return PaintingSpeed(operationsPerSecond: content.operationsPerSecond)
    }

    /// Keeps a speed. It is on the disk when this returns.
    ///
    /// - Throws: A sentence for a person when the file cannot be written.
    public func keep(_ speed: PaintingSpeed, under conditions: Conditions) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Content(conditions: conditions, operationsPerSecond: speed.operationsPerSecond)
        let bytes = [UInt8](try encoder.encode(content)) + [UInt8(ascii: "\n")]
        let file = try AtomicFile(path: path)
        try file.write(bytes.span)
        try file.commit()
    }
}
