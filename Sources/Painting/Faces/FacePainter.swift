import Engine
import Imaging
import Seeing

/// Paints the faces of a photo, each by itself at the scale that the network draws best.
final class FacePainter {
    /// What became of the faces of a picture.
    struct Painted {
        /// To be laid over what the network draws, before it is doubled: large faces, which are doubled with the rest.
        var drawn: [FaceTile] = []
        /// To be laid over the finished picture.
        var finished: [FaceTile] = []
        /// Faces that there was no memory for.
        var leftOut = 0

        /// The number of tiles.
        var count: Int { drawn.count + finished.count }
    }

    /// Faces whose box is smaller than this in the finished picture keep to the scene.
    static let leastHeight = 20.0
    /// Beyond this side a tile is enlarged as it is laid: it would hold little more than the pixels that it was painted of.
    static let largestTile = 1024

    private let networks: PaintingNetworks
    private let executors: Executors
    private let options: Painter.Options
    /// The square that the network sees of a face.
    private var seen: PictureSize {
        // What is drawn is cut out at the size of the drawing, and seen at half of it.
        let side = networks.painting.underpaints ? options.faceSide / networks.painting.scale : options.faceSide
        return PictureSize(width: side, height: side)
    }
    /// Draws faces, where the network underpaints.
    private let artist: FaceArtist?

    init(_ networks: PaintingNetworks, _ executors: Executors, _ options: Painter.Options) throws {
        self.networks = networks
        self.executors = executors
        self.options = options
        artist = networks.painting.underpaints ? try FaceArtist(networks.painting, executors, options) : nil
    }

    /// The frames of the faces that are worth it, the largest first, in pixels of the photo.
    ///
    /// - Parameters:
    ///   - faces: In pixels of the photo.
    ///   - photo: Its size.
    ///   - pixels: Pixels of the finished picture for one of the photo.
    /// - Returns: Squares of the photo.
    static func frames(of faces: [Face], photo: PictureSize, pixels: Double) -> [AlignedSquare] {
        faces.compactMap { face -> AlignedSquare? in
            guard face.height * pixels >= leastHeight, isInside(face, photo) else { return nil }
            return AlignedSquare(framing: face)
        }
        .sorted { ($1.side, $0.centre.y, $0.centre.x) < ($0.side, $1.centre.y, $1.centre.x) }
    }

    /// Whether both eyes, the nose and the mouth are in the photo, and most of the face.
    private static func isInside(_ face: Face, _ photo: PictureSize) -> Bool {
        let (width, height) = (Double(photo.width), Double(photo.height))
        guard face.landmarks.allSatisfy({ (0..<width).contains($0.x) && (0..<height).contains($0.y) }) else {
            return false
        }
        let across = min(face.origin.x + face.width, width) - max(face.origin.x, 0)
        let down = min(face.origin.y + face.height, height) - max(face.origin.y, 0)
        return across * down >= 0.6 * face.width * face.height
    }

    /// The largest face as a square, as the network sees it.
    func portrait(of outline: PictureOutline) throws -> RGBImage {
        let side = outline.scale.seen.width
        guard let patch = try patches(of: outline, side: side).first else { return RGBImage(width: side, height: side) }
        return try cutOut(patch, side: side)
    }

    /// The largest face, drawn: a square of as many pixels as are wanted.
    ///
    /// Nil when the network does not underpaint, or there is no face.
    func drawnPortrait(of outline: PictureOutline, side: Int) throws -> RGBImage? {
        guard let artist, let patch = try patches(of: outline, side: options.faceSide).first else { return nil }
        return try artist.draw(cutOut(patch, side: options.faceSide), side: side, finishedSide: Double(side)).image
    }

    /// Paints the faces of a picture.
    ///
    /// - Parameters:
    ///   - outline: The picture.
    ///   - progress: Called after each face.
    /// - Returns: What is to be laid over the picture.
    /// - Throws: `PictureError`, `EngineError`, or what `progress` throws.
    func paint(_ outline: PictureOutline, progress: () throws -> Void) throws -> Painted {
        var painted = Painted()
        guard !outline.frames.isEmpty else { return painted }
        guard executors.allow(networks.painting, seen) else {
            painted.leftOut = outline.frames.count
            return painted
        }
        var patches = try patches(of: outline, side: options.faceSide)
        let scale = outline.scale
        // A face that is no smaller in what the network draws than by itself is doubled with the rest.
        let goals = outline.frames.map { frame in
            let drawn = outline.viewport.frame(frame, enlarged: scale.scale)
            let isDrawn = drawn.side >= Double(scale.scale * options.faceSide)
            return (
                frame: isDrawn ? drawn : outline.viewport.frame(frame, enlarged: scale.scale << scale.doublings),
                drawn: drawn, isDrawn: isDrawn
            )
        }
        var bytesLeft = options.faceMemoryLimit
        // What the faces after this one need at least: a large one does not take all that there is.
        var reserved = goals.reduce(0) { $0 + leastBytes($1.frame.side) }
        for (index, (goal, drawn, isDrawn)) in goals.enumerated() {
            reserved -= leastBytes(goal.side)
            if let side = tileSide(goal.side, bytesLeft: bytesLeft - reserved)
                ?? tileSide(goal.side, bytesLeft: bytesLeft)
            {
                bytesLeft -= bytes(side)
                let cut = try cutOut(patches[index], side: options.faceSide)
                let tile: FaceTile
                if let artist {
                    let (image, opacity) = try artist.draw(cut, side: side, finishedSide: goal.side)
                    tile = FaceTile(frame: goal, image: image, tone: nil, opacity: opacity)
                } else {
                    let image = try paint(cut, side: side)
                    tile = FaceTile(
                        frame: goal, image: image, tone: isDrawn ? nil : FaceTone(image, over: drawn), opacity: nil)
                }
                if isDrawn { painted.drawn.append(tile) } else { painted.finished.append(tile) }
            } else {
                painted.leftOut += 1
            }
            patches[index].forget()
            try progress()
        }
        return painted
    }

    /// Gathers what the frames cover of a photo.
    private func patches(of outline: PictureOutline, side: Int) throws -> [FacePatch] {
        let photo = outline.photo
        let longest = max(photo.width, photo.height)
        // As large as the smallest face needs, which is the photo's own size at most.
        let need = outline.frames.map { Double(side) / $0.side }.max() ?? 1
        let reader = try outline.open(
            longestSide: need < 1 ? max(1, Int((need * Double(longest)).rounded(.up))) : longest)
        let size = PictureSize(width: reader.width, height: reader.height)
        var patches = outline.frames.map {
            FacePatch(
                $0.scaled(
                    across: Double(size.width) / Double(photo.width), down: Double(size.height) / Double(photo.height)),
                side: side, in: size)
        }
        var row = [UInt8](repeating: 0, count: 3 * size.width)
        for y in 0..<(patches.map(\.end).max() ?? 0) {
            try reader.readRow(into: &row)
            for index in patches.indices { patches[index].take(row, y: y) }
        }
        return patches
    }

    /// The bytes of a tile of `side` pixels: colours, and of one that is drawn how much of it shows.
    private func bytes(_ side: Int) -> Int { (artist == nil ? 3 : 4) * side * side }

    /// The bytes of the smallest tile that `wanted` pixels of a picture may be laid from.
    private func leastBytes(_ wanted: Double) -> Int {
        bytes((min(max(1, Int(wanted.rounded())), Self.largestTile) + 1) / 2)
    }

    /// The side of the tile that `wanted` pixels of a picture are laid from: as many, or as many as memory allows, but not
    /// less than half; nil for none.
    private func tileSide(_ wanted: Double, bytesLeft: Int) -> Int? {
        let whole = max(1, Int(wanted.rounded()))
        var side = min(whole, Self.largestTile)
        let least = (side + 1) / 2
        while bytes(side) > bytesLeft {
            if side <= max(least, 16) { return nil }
            side = max(least, side * 15 / 16)
        }
        return side
    }

    /// A face's picture as the network sees it. Of a small face there are few pixels: the enlarging network makes more of
    /// them, with edges, than a filter could, and a network that paints needs to see eyes to paint them.
    private func cutOut(_ patch: FacePatch, side: Int) throws -> RGBImage {
        var doublings = 0
        if let enlarger = networks.enlarger, executors.allow(enlarger, seen) {
            while doublings < PictureScale.mostDoublings, patch.side * 3 < Double(side >> doublings) { doublings += 1 }
        }
        func part() -> Int { (side + (1 << doublings) - 1) >> doublings }
        var cut = patch.cutOut(side: part())
        while let enlarger = networks.enlarger, doublings > 0 {
            let rows = try executors.rows(.cutOutDoubling(doublings), enlarger, of: ImageRows(cut))
            doublings -= 1
            cut = try RGBImage(reading: CroppedRows(rows, to: PictureSize(width: part(), height: part())))
        }
        return cut
    }

    /// One face: painted, doubled where more pixels are wanted than were drawn, and brought to its size.
    private func paint(_ cut: RGBImage, side: Int) throws -> RGBImage {
        var rows: any RowSource = try executors.rows(.face, networks.painting, of: ImageRows(cut))
        // A little larger is better done without the doubling network.
        let drawn = PictureSize(width: rows.width, height: rows.height)
        if let enlarger = networks.enlarger, 8 * side > 9 * rows.width, executors.allow(enlarger, drawn) {
            rows = try executors.rows(.faceDoubling, enlarger, of: rows)
        }
        return try RGBImage(reading: ResizedRows(rows, width: side, height: side))
    }
}
