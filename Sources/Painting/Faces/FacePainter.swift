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
        /// Time in the network.
        var time: Duration = .zero

        /// The number of tiles.
        var count: Int { drawn.count + finished.count }
    }

    /// Pixels of the square that the network sees of a face; a face itself fills half of its height.
    static let side = 512
    /// Faces whose box is smaller than this in the finished picture keep to the scene.
    static let leastHeight = 20.0
    /// Beyond this side a tile is enlarged as it is laid.
    static let largestTile = 2048

    private let network: PaintingNetwork
    private let enlarger: PaintingNetwork?
    private let executors: Executors
    private let options: Painter.Options

    init(
        _ network: PaintingNetwork, enlarger: PaintingNetwork?, _ executors: Executors, _ options: Painter.Options
    ) {
        self.network = network
        self.enlarger = enlarger
        self.executors = executors
        self.options = options
    }

    /// The frames of the faces that are worth it, the largest first, in pixels of the photo.
    func frames(of faces: [Face], photo: PictureSize, finished: PictureSize) -> [FaceFrame] {
        let scale = Double(finished.width) / Double(photo.width)
        let frames = faces.compactMap { face -> FaceFrame? in
            guard face.height * scale >= Self.leastHeight, Self.isInside(face, photo) else { return nil }
            return FaceFrame(face)
        }
        .sorted { ($1.side, $0.origin.y, $0.origin.x) < ($0.side, $1.origin.y, $1.origin.x) }
        return Array(frames.prefix(options.mostFaces))
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

    /// Cuts the frames out of a photo.
    ///
    /// - Parameters:
    ///   - frames: In pixels of the upright photo.
    ///   - photo: Its size.
    ///   - side: Pixels of each cut-out's sides.
    ///   - open: Opens the photo with its longest side at a given number of pixels.
    /// - Returns: The cut-outs in the order of the frames, made when they are asked for.
    func cutOuts(
        _ frames: [FaceFrame], photo: PictureSize, side: Int, _ open: (_ longestSide: Int) throws -> PictureReader
    ) throws -> [FacePatch] {
        let longest = max(photo.width, photo.height)
        // As large as the smallest face needs, which is the photo's own size at most.
        let need = frames.map { Double(side) / $0.side }.max() ?? 1
        let reader = try open(min(longest, max(1, Int((need * Double(longest)).rounded(.up)))))
        let size = PictureSize(width: reader.width, height: reader.height)
        let across = Double(size.width) / Double(photo.width)
        let down = Double(size.height) / Double(photo.height)
        var patches = frames.map { FacePatch($0.scaled(across: across, down: down), side: side, in: size) }
        var row = [UInt8](repeating: 0, count: 3 * size.width)
        for y in 0..<(patches.map(\.end).max() ?? 0) {
            try reader.readRow(into: &row)
            for index in patches.indices { patches[index].take(row, y: y) }
        }
        return patches
    }

    /// Paints faces.
    ///
    /// - Parameters:
    ///   - frames: In pixels of the upright photo, the most important first.
    ///   - patches: Their pictures.
    ///   - photo: The photo's size.
    ///   - scale: The sizes of the picture.
    ///   - progress: Called after each face.
    func paint(
        _ frames: [FaceFrame], _ patches: consuming [FacePatch], photo: PictureSize, scale: PictureScale,
        progress: () throws -> Void
    ) throws -> Painted {
        var painted = Painted()
        var patches = patches
        var bytesLeft = options.faceMemoryLimit
        for (index, frame) in frames.enumerated() {
            let began = ContinuousClock.now
            func placed(in size: PictureSize) -> FaceFrame {
                frame.scaled(
                    across: Double(size.width) / Double(photo.width),
                    down: Double(size.height) / Double(photo.height))
            }
            let (drawn, finished) = (placed(in: scale.drawn), placed(in: scale.doubled))
            let isDrawn = drawn.side >= Double(network.scale * Self.side)
            let goal = isDrawn ? drawn : finished
            guard let side = Self.tileSide(goal.side, bytesLeft: bytesLeft) else {
                painted.leftOut += 1
                continue
            }
            bytesLeft -= 3 * side * side
            let cut = patches[index].cutOut()
            patches[index].forget()
            let tile = FaceTile(frame: goal, image: try self.paint(cut, side: side))
            if isDrawn { painted.drawn.append(tile) } else { painted.finished.append(tile) }
            painted.time += ContinuousClock.now - began
            try progress()
        }
        return painted
    }

    /// The side of the tile that `wanted` pixels of a picture are laid from: as many, or as many as memory allows, but not
    /// less than half; nil for none.
    private static func tileSide(_ wanted: Double, bytesLeft: Int) -> Int? {
        let whole = max(1, Int(wanted.rounded()))
        var side = min(whole, largestTile)
        while 3 * side * side > bytesLeft {
            side = side * 15 / 16
            if side < 16 || 2 * side < min(whole, largestTile) { return nil }
        }
        return side
    }

    /// One face: painted, doubled where more pixels are wanted than were drawn, and brought to its size.
    private func paint(_ cut: RGBImage, side: Int) throws -> RGBImage {
        var rows: any RowSource = try executors.rows(.face, network, of: ImageRows(cut))
        // A little larger is better done without the doubling network.
        if let enlarger, 8 * side > 9 * rows.width { rows = try executors.rows(.faceDoubling, enlarger, of: rows) }
        return try RGBImage(reading: ResizedRows(rows, width: side, height: side))
    }
}
