import Imaging
import Seeing

/// What is decided about a picture before its first row: which faces are painted by themselves, what of the photo it shows
/// and how large everything becomes.
struct PictureOutline {
    let input: PictureInput
    let limits: PictureLimits
    let facts: PictureFacts
    /// The upright photo's size.
    let photo: PictureSize
    /// All faces that were found.
    let faces: [Face]
    /// Of those that are painted by themselves, the largest first, in pixels of the photo.
    let frames: [AlignedSquare]
    let scale: PictureScale
    let viewport: Viewport
    let timeToSee: Duration

    /// Looks at a photo.
    ///
    /// - Parameters:
    ///   - input: The photo.
    ///   - limits: What is accepted.
    ///   - options: What is to become of it.
    ///   - networks: What paints.
    ///   - allows: Whether the network may see so much.
    ///   - look: Finds the faces, in pixels of the upright photo; nil when nobody looks.
    /// - Throws: `PictureError`; ``PaintingError`` or ``NoFaceError`` when only a face is to be painted; what `look` throws.
    init(
        _ input: PictureInput, _ limits: PictureLimits, _ options: Painter.Options, _ networks: PaintingNetworks,
        allows: (PictureSize) -> Bool, look: (() throws -> [Face])?
    ) throws {
        self.input = input
        self.limits = limits
        facts = try PictureFormat.decoder(for: input, limits: limits).facts
        let photo = facts.uprightSize
        self.photo = photo
        let start = ContinuousClock.now
        faces = try look?() ?? []
        timeToSee = ContinuousClock.now - start
        func scale(_ finished: PictureSize) -> PictureScale {
            PictureScale(
                finished: finished, scale: networks.painting.scale, canEnlarge: networks.enlarger != nil, allows: allows
            )
        }
        if options.faces == .only {
            guard look != nil else {
                throw PaintingError("there is no network that finds faces, and only a face was to be painted")
            }
            guard let frame = faces.compactMap({ AlignedSquare(framing: $0) }).max(by: { $0.side < $1.side }) else {
                throw NoFaceError(photo: input.name)
            }
            let side =
                switch options.size {
                case .longestSide(let side): side
                case .full: min(max(1, Int(frame.side.rounded())), max(photo.width, photo.height))
                }
            frames = [frame]
            self.scale = PictureScale(
                portraitOf: side, seen: options.faceSide, scale: networks.painting.scale,
                canEnlarge: networks.enlarger != nil)
            viewport = Viewport(allOf: photo, size: self.scale.seen)
            return
        }
        let crop = PhotoCrop(around: faces, in: photo, shape: options.crop)
        let part = crop?.size ?? photo
        let finished =
            switch options.size {
            case .longestSide(let side): part.fitted(longestSide: side)
            case .full: part
            }
        let reached = scale(finished)
        self.scale = reached
        viewport =
            crop.map { Viewport($0, of: photo, size: reached.seen) } ?? Viewport(allOf: photo, size: reached.seen)
        let pixels = Double(finished.width) / Double(part.width)
        let shown = viewport
        frames = Array(
            FacePainter.frames(of: faces, photo: photo, pixels: pixels).filter { shown.shows($0) }
                .prefix(options.mostFaces))
    }

    /// Opens the photo with its longest side at `longestSide` pixels.
    func open(longestSide: Int) throws(PictureError) -> PictureReader {
        try PictureReader(input, longestSide: longestSide, limits: limits)
    }
}
