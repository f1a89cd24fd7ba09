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

    private let networks: Result<Networks, PaintingError>
    private let executors: Executors
    private let detector: Result<FaceDetector, SeeingError>?

    /// The longest side of what the faces are looked for in: one of 20 pixels in a picture of 1280 has ten there, as many
    /// as the network needs.
    private static let seeingSide = 640

    /// A painter of `model`; if that is no network that paints, painting throws.
    public init(model: ModelFile, options: Options = Options()) {
        self.model = model
        self.options = options
        executors = Executors(options)
        networks = Result { () throws(PaintingError) in
            try Networks(painting: PaintingNetwork(model), enlarger: options.enlarger)
        }
        detector =
            options.faces == .off
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
    ///   - limits: What is accepted.
    ///   - progress: Called after each row, and before rows come after each face, with what is done and what there is in
    ///     all; what it throws ends the work.
    /// - Returns: What it took.
    /// - Throws: A sentence for a person, `PictureError`, `EngineError` and ``PaintingError`` among them; or what `progress`
    ///   throws. The file is untouched then.
    public func paint(
        _ input: PictureInput, toFile path: String, limits: PictureLimits = .standard,
        progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws -> Report {
        let picture = try open(input, limits)
        let file = try AtomicFile(path: path)
        let writer = try JPEGWriter(
            width: picture.scale.finished.width, height: picture.scale.finished.height, options: encoding(picture),
            to: file)
        let report = try paint(picture, writer, progress)
        try file.commit()
        return report
    }

    /// Paints one photo to memory.
    ///
    /// - Parameters:
    ///   - input: A JPEG picture.
    ///   - limits: What is accepted.
    ///   - progress: As above.
    /// - Returns: The bytes of a JPEG file and what it took.
    /// - Throws: `PictureError`, `EngineError`, ``PaintingError``: a sentence for a person; or what `progress` throws.
    public func paint(
        _ input: PictureInput, limits: PictureLimits = .standard,
        progress: (_ done: Int, _ all: Int) throws -> Void = { _, _ in }
    ) throws -> (bytes: [UInt8], report: Report) {
        let picture = try open(input, limits)
        let writer = try JPEGWriter(
            width: picture.scale.finished.width, height: picture.scale.finished.height, options: encoding(picture))
        let report = try paint(picture, writer, progress)
        return (writer.bytes, report)
    }

    // MARK: Stages

    /// A photo about to be painted: what is known before its first row.
    private struct Picture {
        let began: ContinuousClock.Instant
        let input: PictureInput
        let limits: PictureLimits
        let facts: PictureFacts
        /// The upright photo's size.
        let photo: PictureSize
        let sighting: FaceDetector.Sighting?
        /// Of the faces that are painted by themselves.
        let frames: [FaceFrame]
        let scale: PictureScale
        let timeToSee: Duration
    }

    /// Reads the photo's header, and looks for faces.
    private func open(_ input: PictureInput, _ limits: PictureLimits) throws -> Picture {
        let began = ContinuousClock.now
        let networks = try networks.get()
        let facts = try PictureReader(input, longestSide: 64, limits: limits).info
        let photo = facts.exif.orientation.swapsSides ? facts.size.transposed : facts.size
        let start = ContinuousClock.now
        let sighting = try detector?.get().look(at: input, limits: limits)
        let timeToSee = ContinuousClock.now - start
        let faces = sighting?.faces ?? []
        func scale(_ finished: PictureSize) -> PictureScale {
            PictureScale(
                finished: finished, scale: networks.painting.scale, canEnlarge: networks.enlarger != nil)
        }
        func picture(_ frames: [FaceFrame], _ scale: PictureScale) -> Picture {
            Picture(
                began: began, input: input, limits: limits, facts: facts, photo: photo, sighting: sighting,
                frames: frames, scale: scale, timeToSee: timeToSee)
        }
        guard options.faces == .only else {
            let finished =
                switch options.size {
                case .longestSide(let side): photo.fitted(longestSide: side)
                case .full: photo
                }
            let painter = FacePainter(networks.painting, enlarger: networks.enlarger, executors, options)
            return picture(painter.frames(of: faces, photo: photo, finished: finished), scale(finished))
        }
        guard detector != nil else {
            throw PaintingError("there is no network that finds faces, and only a face was to be painted")
        }
        guard let frame = faces.compactMap({ FaceFrame($0) }).max(by: { $0.side < $1.side }) else {
            throw PaintingError("\(input.name): there is no face in it, and only a face was to be painted")
        }
        let side =
            switch options.size {
            case .longestSide(let side): side
            case .full: min(max(1, Int(frame.side.rounded())), max(photo.width, photo.height))
            }
        return picture([frame], scale(PictureSize(width: side, height: side)))
    }

    private func encoding(_ picture: Picture) -> JPEGWriter.Options {
        JPEGWriter.Options(
            quality: options.quality,
            notes: PictureNotes(
                taken: picture.facts.exif.taken,
                description: "Anime picture, style \(model.graph.style), model \(model.graph.name)"
                    + (options.look.map { ", look \($0.rawValue)" } ?? "")))
    }

    private func paint(
        _ picture: Picture, _ writer: JPEGWriter, _ progress: (Int, Int) throws -> Void
    ) throws -> Report {
        let networks = try networks.get()
        let scale = picture.scale
        let facePainter = FacePainter(networks.painting, enlarger: networks.enlarger, executors, options)
        let isFaceOnly = options.faces == .only
        let open = { longestSide in
            try PictureReader(picture.input, longestSide: longestSide, limits: picture.limits)
        }

        // Faces. One counts as many rows of progress as the pixels that the network sees of it.
        let faceRows = isFaceOnly ? 0 : FacePainter.side * FacePainter.side * scale.finished.width / max(1, scale.seen.width * scale.seen.width)
        let all = picture.frames.count * faceRows + writer.height
        var done = 0
        let facesBegan = ContinuousClock.now
        let side = isFaceOnly ? scale.seen.width : FacePainter.side
        let patches =
            picture.frames.isEmpty
            ? [] : try facePainter.cutOuts(picture.frames, photo: picture.photo, side: side, open)
        var tiles = FacePainter.Painted()
        let source: any RowSource
        var reader: PictureReader?
        if isFaceOnly, let patch = patches.first {
            source = ImageRows(patch.cutOut())
        } else {
            tiles = try facePainter.paint(picture.frames, patches, photo: picture.photo, scale: scale) {
                done += faceRows
                try progress(done, all)
            }
            let opened = try PictureReader(picture.input, limits: picture.limits) { _ in scale.seen }
            reader = opened
            source = opened
        }
        let timeForFaces = ContinuousClock.now - facesBegan

        // Rows.
        let scene = try executors.rows(.scene, networks.painting, of: source)
        let laid = LaidRows(scene, tiles: tiles.drawn)
        var rows: any RowSource = laid
        var doubled: [NetworkRows] = []
        if let enlarger = networks.enlarger {
            for number in 0..<scale.doublings {
                let next = try executors.rows(.doubling(number), enlarger, of: rows)
                doubled.append(next)
                rows = next
            }
        }
        let finished = LaidRows(rows, tiles: tiles.finished)
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
            done += 1
            try progress(done, all)
        }
        try writer.finish()

        let padded = PictureSize(width: source.width, height: source.height)
            .padded(toMultiple: model.graph.sideMultiple)
        return Report(
            photo: picture.photo, anime: scale.finished, network: padded, doublings: scale.doublings,
            facesFound: picture.sighting?.faces.count ?? 0, facesPainted: isFaceOnly ? 1 : tiles.count,
            facesLeftOut: tiles.leftOut, see: picture.timeToSee, faces: timeForFaces + laid.time + finished.time,
            decode: reader?.decodeTime ?? .zero, resize: reader?.resizeTime ?? .zero, run: scene.time,
            enlarge: doubled.reduce(.zero) { $0 + $1.time }, encode: writer.time,
            total: ContinuousClock.now - picture.began, workspaceBytes: executors.workspaceBytes,
            stripRows: executors.stripRows)
    }
}

/// The networks that paint.
private struct Networks {
    let painting: PaintingNetwork
    let enlarger: PaintingNetwork?

    init(painting: PaintingNetwork, enlarger model: ModelFile?) throws(PaintingError) {
        self.painting = painting
        enlarger = try model.map { (model) throws(PaintingError) in try PaintingNetwork(model) }
        if let enlarger, enlarger.scale != 2 {
            throw PaintingError(
                "\(enlarger.model.path) does not double pictures: what it makes is as large as what it sees")
        }
    }
}
