import Engine
import Imaging
import Platform
import Seeing

/// Turns photos into anime pictures with one model.
///
/// A picture is a chain of stages, each of which reads rows from the one before it: the decoder, the network, the faces
/// that were painted before and are laid over, the network that doubles, faces again, the look, the encoder. So no picture
/// is ever in memory as a whole. The memory of the networks is kept between pictures of the same size. One task uses a
/// painter at a time.
public final class Painter {
    /// The model.
    public let model: ModelFile
    /// The choices.
    public let options: Options

    private let networks: Result<PaintingNetworks, PaintingError>
    private let executors: Executors
    private let detector: Result<FaceDetector, SeeingError>?

    /// The longest side of what the faces are looked for in: one of 20 pixels in a picture of 1280 has ten there, as many
    /// as the network needs.
    static let seeingSide = 640

    /// A painter of `model`; if that is no network that paints, painting throws.
    public init(model: ModelFile, options: Options = Options()) {
        self.model = model
        self.options = options
        executors = Executors(options)
        networks = Result { () throws(PaintingError) in
            try PaintingNetworks(painting: model, enlarger: options.enlarger)
        }
        detector =
            options.faces == .off && options.crop == .off
            ? nil
            : options.faceNetwork.map { network in
                Result { () throws(SeeingError) in
                    var seeing = FaceDetector.Options()
                    seeing.longestSide = Self.seeingSide
                    seeing.instructionSet = options.instructionSet
                    seeing.threads = options.threads
                    return try FaceDetector(model: network, options: seeing)
                }
            }
    }

    /// Paints one photo to a file, which appears complete or not at all.
    ///
    /// - Parameters:
    ///   - input: A JPEG picture.
    ///   - path: Where the anime picture goes; an existing file is replaced in one step.
    ///   - known: The faces in it, in pixels of the upright photo, where somebody knows them; nil looks for them.
    ///   - limits: What is accepted.
    ///   - progress: Called after each face and then after each row, with what is done and what there is in all; what it
    ///     throws ends the work.
    /// - Returns: What it took.
    /// - Throws: A sentence for a person, `PictureError`, `EngineError` and ``PaintingError`` among them; or what `progress`
    ///   throws. The file is untouched then.
    public func paint(
        _ input: PictureInput, toFile path: String, faces known: [Face]? = nil, limits: PictureLimits = .standard,
        progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws -> Report {
        let began = ContinuousClock.now
        let outline = try outline(input, known, limits)
        let file = try AtomicFile(path: path)
        let size = outline.scale.finished
        let writer = try JPEGWriter(width: size.width, height: size.height, options: encoding(outline), to: file)
        var report = try paint(outline, writer, progress)
        try file.commit()
        report.total = ContinuousClock.now - began
        return report
    }

    /// Paints one photo to memory.
    ///
    /// - Parameters:
    ///   - input: A JPEG picture.
    ///   - known: As above.
    ///   - limits: What is accepted.
    ///   - progress: As above.
    /// - Returns: The bytes of a JPEG file and what it took.
    /// - Throws: `PictureError`, `EngineError`, ``PaintingError``: a sentence for a person; or what `progress` throws.
    public func paint(
        _ input: PictureInput, faces known: [Face]? = nil, limits: PictureLimits = .standard,
        progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws -> (bytes: [UInt8], report: Report) {
        let began = ContinuousClock.now
        let outline = try outline(input, known, limits)
        let size = outline.scale.finished
        let writer = try JPEGWriter(width: size.width, height: size.height, options: encoding(outline))
        var report = try paint(outline, writer, progress)
        report.total = ContinuousClock.now - began
        return (writer.bytes, report)
    }

    /// A portrait that is drawn has no more pixels than this a side; more are made by enlarging.
    private static let largestPortrait = 1280

    /// The rows of the scene, and the time that the network took for them so far.
    private func scene(_ network: PaintingNetwork, of source: any RowSource, drawn: RGBImage?) throws -> (
        rows: any RowSource, time: () -> Duration
    ) {
        if let drawn { return (ImageRows(drawn), { .zero }) }
        guard network.underpaints else {
            let rows = try executors.rows(.scene, network, of: source)
            return (rows, { rows.time })
        }
        let seen = SeenRows(source)
        let underpainted = try executors.underpaintedRows(.scene, network, of: seen)
        let rows = DrawnRows(underpainted, of: seen, style: options.drawnStyle ?? DrawnStyle())
        return (rows, { underpainted.time + rows.time })
    }

    private func outline(_ input: PictureInput, _ known: [Face]?, _ limits: PictureLimits) throws -> PictureOutline {
        let look: (() throws -> [Face])? =
            known.map { faces in { faces } }
            ?? detector.map { detector in { try detector.get().look(at: input, limits: limits).faces } }
        let networks = try networks.get()
        return try PictureOutline(
            input, limits, options, networks, allows: { executors.allow(networks.painting, $0) }, look: look)
    }

    private func encoding(_ outline: PictureOutline) -> JPEGWriter.Options {
        JPEGWriter.Options(
            quality: options.quality,
            notes: PictureNotes(
                taken: outline.facts.exif.taken,
                description: "Anime picture, style \(options.styleName ?? model.graph.style), model \(model.graph.name)"
                    + (options.look.map { ", look \($0.rawValue)" } ?? "")))
    }

    // MARK: Stages

    private func paint(
        _ outline: PictureOutline, _ writer: JPEGWriter, _ progress: (Int, Int) throws -> Void
    ) throws -> Report {
        let networks = try networks.get()
        let scale = outline.scale
        let facePainter = try FacePainter(networks, executors, options)
        var effort = Effort(outline, options)
        let began = ContinuousClock.now
        let before = writer.time

        // The faces, or the one that becomes the picture.
        var tiles = FacePainter.Painted()
        let source: any RowSource
        var reader: PictureReader?
        var portrait: RGBImage?
        if options.faces == .only {
            portrait = try facePainter.drawnPortrait(of: outline, side: min(scale.finished.width, Self.largestPortrait))
            source = ImageRows(try portrait ?? facePainter.portrait(of: outline))
        } else {
            if options.faces == .auto {
                tiles = try facePainter.paint(outline) { try progress(effort.afterFace(), effort.all) }
            }
            let opened = try PictureReader(outline.input, limits: outline.limits) { _ in outline.viewport.whole }
            reader = opened
            let viewport = outline.viewport
            source =
                viewport.size == viewport.whole
                ? opened : CroppedRows(opened, to: viewport.size, from: viewport.offset)
        }
        let timeForFaces = ContinuousClock.now - began

        // The scene, row by row.
        let scene = try scene(networks.painting, of: source, drawn: portrait)
        let compared = ComparedRows(scene.rows, tones: tiles.finished.compactMap(\.tone))
        let drawn = LaidRows(compared, tiles: tiles.drawn)
        var rows: any RowSource = drawn
        var doubled: [NetworkRows] = []
        if let enlarger = networks.enlarger, portrait == nil {
            for number in 0..<scale.doublings {
                let larger = try executors.rows(.doubling(number), enlarger, of: rows)
                doubled.append(larger)
                rows = larger
            }
        }
        if options.faces == .only {
            rows = ResizedRows(rows, width: scale.finished.width, height: scale.finished.height)
        }
        let laid = LaidRows(rows, tiles: tiles.finished)
        let glow = networks.painting.underpaints ? (options.drawnStyle ?? DrawnStyle()).glow : 0
        let finished: any RowSource = glow > 0 ? GlowRows(laid, strength: glow) : laid
        let look = options.look.map { LookTable($0) }
        var row = [UInt8](repeating: 0, count: 3 * finished.width)
        var graded = look == nil ? [] : row
        for _ in 0..<writer.height {
            try finished.readRow(into: &row)
            if let look {
                look.apply(row.span, to: &graded)
                try writer.writeRow(graded.span)
            } else {
                try writer.writeRow(row.span)
            }
            try progress(effort.afterRow(), effort.all)
        }
        try writer.finish()

        return Report(
            photo: outline.photo, anime: scale.finished,
            network: scale.seen.padded(toMultiple: model.graph.sideMultiple), doublings: scale.doublings,
            facesFound: outline.faces.count, facesPainted: options.faces == .only ? 1 : tiles.count,
            facesLeftOut: tiles.leftOut, see: outline.timeToSee,
            faces: timeForFaces + compared.time + drawn.time + laid.time, decode: reader?.decodeTime ?? .zero,
            resize: reader?.resizeTime ?? .zero, run: scene.time(), enlarge: doubled.reduce(.zero) { $0 + $1.time },
            encode: writer.time - before, total: .zero, workspaceBytes: executors.workspaceBytes,
            stripRows: executors.stripRows)
    }
}

/// How far a picture is: a face counts as many rows as have the pixels that the network sees of it.
private struct Effort {
    /// Rows of the picture, and what the faces count.
    let all: Int
    private let face: Int
    private var done = 0

    init(_ outline: PictureOutline, _ options: Painter.Options) {
        let height = outline.scale.finished.height
        let seen = outline.scale.seen.width * outline.scale.seen.height
        face = options.faceSide * options.faceSide * height / max(1, seen)
        all = height + (options.faces == .auto ? outline.frames.count * face : 0)
    }

    mutating func afterFace() -> Int {
        done += face
        return done
    }

    mutating func afterRow() -> Int {
        done += 1
        return done
    }
}
