import Engine
import Imaging
import Platform

/// Turns photos into anime pictures with one model.
///
/// Rows flow from the decoder through resizing, padding, the network and the encoder, so that no picture is ever in
/// memory as a whole. The memory of the network is kept between pictures of the same size. One task uses a painter at a
/// time.
public final class Painter {
    /// How much of a photo the network sees.
    public enum Size: Sendable, Equatable {
        /// The photo is resized so that its longest side has this many pixels.
        case longestSide(Int)
        /// The photo is painted pixel by pixel.
        case full
    }

    /// Choices that hold for all pictures of a painter.
    public struct Options: Sendable {
        /// How much of a photo the network sees.
        public var size: Size = .longestSide(512)
        /// JPEG quality, 1...100.
        public var quality = 92
        /// A colour grade on top of the style; nil for none.
        public var look: Look?
        /// The kernels.
        public var instructionSet: InstructionSet = .best
        /// The threads that compute, 1...64.
        public var threads = 1
        /// Rows per strip, see `Plan`; nil chooses.
        public var stripRows: Int?
        /// The most bytes that the network's workspace may take; nil for no limit.
        public var memoryLimit: Int?

        /// The standard choices.
        public init() {}
    }

    /// What painting one picture took.
    public struct Report: Sendable {
        /// The photo's size as it lies in the file, upright.
        public var photo: PictureSize
        /// The anime picture's size.
        public var anime: PictureSize
        /// The size that the network saw, padding included.
        public var network: PictureSize
        /// Time in the JPEG decoder.
        public var decode: Duration
        /// Time in the resizer.
        public var resize: Duration
        /// Time in the network, from the first row in to the last row out, less the other three.
        public var run: Duration
        /// Time in the JPEG encoder.
        public var encode: Duration
        /// Bytes of workspace.
        public var workspaceBytes: Int
        /// Rows per strip.
        public var stripRows: Int
    }

    /// The model.
    public let model: ModelFile
    /// The choices.
    public let options: Options

    private let network: Result<PaintingNetwork, PaintingError>
    private let look: LookTable?
    private var executor: Executor?

    /// A painter of `model`; if that is no network that paints, painting throws.
    public init(model: ModelFile, options: Options = Options()) {
        self.model = model
        self.options = options
        network = Result { () throws(PaintingError) in try PaintingNetwork(model) }
        look = options.look.map { LookTable($0) }
    }

    /// Paints one photo to a file, which appears complete or not at all.
    ///
    /// - Parameters:
    ///   - input: A JPEG picture.
    ///   - path: Where the anime picture goes; an existing file is replaced in one step.
    ///   - limits: What is accepted.
    ///   - progress: Called after each row with the rows that are done and all rows; what it throws ends the work.
    /// - Returns: What it took.
    /// - Throws: A sentence for a person, `PictureError`, `EngineError` and ``PaintingError`` among them; or what `progress`
    ///   throws. The file is untouched then.
    public func paint(
        _ input: PictureInput, toFile path: String, limits: PictureLimits = .standard,
        progress: (_ done: Int, _ rows: Int) throws -> Void = { _, _ in }
    ) throws -> Report {
        let scale = try network.get().scale
        let reader = try open(input, limits)
        let file = try AtomicFile(path: path)
        let writer = try JPEGWriter(
            width: scale * reader.width, height: scale * reader.height, options: encoding(reader), to: file)
        let report = try paint(reader, writer, progress)
        try file.commit()
        return report
    }

    /// Paints one photo to memory.
    ///
    /// - Parameters:
    ///   - input: A JPEG picture.
    ///   - limits: What is accepted.
    ///   - progress: Called after each row with the rows that are done and all rows; what it throws ends the work.
    /// - Returns: The bytes of a JPEG file and what it took.
    /// - Throws: `PictureError`, `EngineError`, ``PaintingError``: a sentence for a person; or what `progress` throws.
    public func paint(
        _ input: PictureInput, limits: PictureLimits = .standard,
        progress: (_ done: Int, _ rows: Int) throws -> Void = { _, _ in }
    ) throws -> (bytes: [UInt8], report: Report) {
        let scale = try network.get().scale
        let reader = try open(input, limits)
        let writer = try JPEGWriter(
            width: scale * reader.width, height: scale * reader.height, options: encoding(reader))
        let report = try paint(reader, writer, progress)
        return (writer.bytes, report)
    }

    private func open(_ input: PictureInput, _ limits: PictureLimits) throws -> PictureReader {
        switch options.size {
        case .longestSide(let side): try PictureReader(input, longestSide: side, limits: limits)
        case .full: try PictureReader(input, limits: limits)
        }
    }

    private func encoding(_ reader: PictureReader) -> JPEGWriter.Options {
        JPEGWriter.Options(
            quality: options.quality,
            notes: PictureNotes(
                taken: reader.info.exif.taken,
                description: "Anime picture, style \(model.graph.style), model \(model.graph.name)"
                    + (options.look.map { ", look \($0.rawValue)" } ?? "")))
    }

    private func paint(
        _ reader: PictureReader, _ writer: JPEGWriter, _ progress: (Int, Int) throws -> Void
    ) throws -> Report {
        let padded = PaddedRows(reader, multiple: model.graph.sideMultiple)
        let executor = try executor(for: Graph.Extent(height: padded.height, width: padded.width))
        let start = ContinuousClock.now
        // Both clocks include what they spent before the first row, opening the file and writing its header.
        let before = reader.decodeTime + reader.resizeTime + writer.time
        let scale = try network.get().scale
        let made = executor.plan.rings[model.graph.outputs[0].tensor].size
        guard made == Graph.Extent(height: scale * padded.height, width: scale * padded.width) else {
            throw PaintingError(
                "\(model.path) makes \(made.width)x\(made.height) of a picture of \(padded.width)x\(padded.height), and "
                    + "\(scale == 1 ? "the same" : "twice the") size was expected")
        }
        var graded = [UInt8](repeating: 0, count: look == nil ? 0 : scale * padded.width * 3)
        try executor.run(
            readRow: { _, row in try padded.readRow(into: &row) },
            writeRow: { y, row in
                if let look {
                    look.apply(row, to: &graded)
                    try writer.writeRow(graded.span)
                } else {
                    try writer.writeRow(row)
                }
                if y < writer.height { try progress(y + 1, writer.height) }
            })
        try writer.finish()
        let elapsed = ContinuousClock.now - start
        return Report(
            photo: reader.info.exif.orientation.swapsSides ? reader.info.size.transposed : reader.info.size,
            anime: PictureSize(width: scale * reader.width, height: scale * reader.height),
            network: PictureSize(width: padded.width, height: padded.height), decode: reader.decodeTime,
            resize: reader.resizeTime,
            run: elapsed - (reader.decodeTime + reader.resizeTime + writer.time - before), encode: writer.time,
            workspaceBytes: executor.plan.workspaceBytes, stripRows: executor.plan.stripRows)
    }

    private func executor(for picture: Graph.Extent) throws(EngineError) -> Executor {
        if let executor, executor.plan.picture == picture { return executor }
        executor = nil  // its memory goes before new memory comes
        let made = try Executor(
            model: model, plan: try options.plan(for: model.graph, picture), instructionSet: options.instructionSet,
            threads: options.threads)
        executor = made
        return made
    }
}

extension Painter.Options {
    /// The plan of the largest picture that is painted of any photo; nil when pictures are as large as their photos.
    ///
    /// - Throws: `EngineError` when it would exceed the memory limit.
    public func largestPlan(for graph: Graph) throws(EngineError) -> Plan? {
        guard case .longestSide(let side) = size else { return nil }
        return try plan(for: graph, graph.square(of: side))
    }

    func plan(for graph: Graph, _ picture: Graph.Extent) throws(EngineError) -> Plan {
        try Plan(graph: graph, picture: picture, stripRows: stripRows, memoryLimit: memoryLimit)
    }
}
