import Engine
import Imaging

/// Why faces cannot be looked for: one sentence for a person.
public struct SeeingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
}

/// Finds faces in photos, with a YuNet on the engine. The same photo gives the same faces on every processor.
///
/// One task uses a detector at a time. Memory is kept from picture to picture of one size.
public final class FaceDetector {
    /// Choices.
    public struct Options: Sendable {
        /// The longest side of what the network sees, in pixels, 64...2048: faces of 10 pixels and more are found in it.
        public var longestSide = 320
        /// Faces that are less sure are left out, 0...1.
        public var minimumScore = 0.57
        /// Boxes that share more than this part of their union are one face.
        public var mostOverlap = 0.35
        /// The kernels.
        public var instructionSet: InstructionSet = .best
        /// The threads that compute, 1...64.
        public var threads = 1

        /// The standard choices.
        public init() {}
    }

    /// What was seen.
    public struct Sighting: Equatable, Sendable {
        /// The upright photo's size, in whose pixels places are told.
        public var photo: PictureSize
        /// The faces, the surest first.
        public var faces: [Face]
        /// Whether the faces were found after the photo was turned by a quarter.
        public var isTurned: Bool
    }

    /// Both sides of what the network sees are multiples of this.
    private static let sideMultiple = 32
    private static let strides = [8, 16, 32]

    private let model: ModelFile
    private let options: Options
    /// By output of the network, which part of which grid it is.
    private let places: [(grid: Int, part: FaceGrid.Part)?]
    private var executor: Executor?

    /// Makes a detector.
    ///
    /// - Parameters:
    ///   - model: A network with YuNet's outputs: `cls_S`, `obj_S`, `bbox_S` and `kps_S` for the strides 8, 16 and 32.
    ///   - options: Choices.
    /// - Throws: ``SeeingError`` when the model is no such network.
    public init(model: ModelFile, options: Options = Options()) throws(SeeingError) {
        let graph = model.graph
        func refusal(_ reason: String) -> SeeingError {
            SeeingError("\(model.path) is not a network that finds faces: \(reason)")
        }
        guard let input = graph.inputs.first, graph.tensors[input.tensor].channels == 3 else {
            throw refusal("it does not take RGB")
        }
        let seen = Graph.Extent(height: 64, width: 96)
        let sizes: [Graph.Extent]
        do { sizes = try graph.sizes(for: seen) } catch { throw refusal(error.description) }
        var places = [(grid: Int, part: FaceGrid.Part)?](repeating: nil, count: graph.outputs.count)
        for (grid, stride) in Self.strides.enumerated() {
            for part in FaceGrid.Part.allCases {
                let name = "\(part.rawValue)_\(stride)"
                guard let output = graph.outputs.firstIndex(where: { $0.name == name }) else {
                    throw refusal("it has no output '\(name)'")
                }
                let tensor = graph.outputs[output].tensor
                guard graph.tensors[tensor].channels == part.count,
                    sizes[tensor] == Graph.Extent(height: seen.height / stride, width: seen.width / stride)
                else { throw refusal("its output '\(name)' has another shape") }
                places[output] = (grid, part)
            }
        }
        self.model = model
        self.options = options
        self.places = places
    }

    /// Looks for faces in a photo, which is decoded at a part of its size where that is enough. Where there is no sure one
    /// in a photo that is higher than wide, it is turned by a quarter to either side: cameras that are held upright and do
    /// not say so take such photos, and a face that lies on its side is half seen, with its eyes in the wrong places.
    ///
    /// - Parameters:
    ///   - input: A photo.
    ///   - limits: What is accepted.
    /// - Returns: What was seen, upright by what the photo says.
    /// - Throws: `PictureError` or `EngineError`: a sentence for a person.
    public func look(at input: PictureInput, limits: PictureLimits = .standard) throws -> Sighting {
        let reader = try PictureReader(input, longestSide: options.longestSide, limits: limits)
        let photo = reader.info.uprightSize
        let image = try RGBImage(reading: reader)
        let scale = PicturePoint(
            x: Double(photo.width) / Double(image.width), y: Double(photo.height) / Double(image.height))
        func atFullSize(_ faces: [Face]) -> [Face] {
            faces.map { $0.moved { PicturePoint(x: $0.x * scale.x, y: $0.y * scale.y) } }
        }
        let upright = try faces(in: image)
        guard upright.isUnsure, image.height > image.width else {
            return Sighting(photo: photo, faces: atFullSize(upright), isTurned: false)
        }
        let (width, height) = (Double(image.width), Double(image.height))
        let left = try faces(in: image.turnedLeft)
            .map { $0.moved { PicturePoint(x: width - $0.y, y: $0.x) } }
        let right = try faces(in: image.turnedLeft.turnedLeft.turnedLeft)
            .map { $0.moved { PicturePoint(x: $0.y, y: height - $0.x) } }
        let turned = (left + right).withoutDoubles(sharing: options.mostOverlap)
        let isTurned = turned.bestScore > upright.bestScore
        return Sighting(photo: photo, faces: atFullSize(isTurned ? turned : upright), isTurned: isTurned)
    }

    /// The faces of a picture as large as the network sees it, in its pixels.
    func faces(in image: RGBImage) throws -> [Face] {
        let size = PictureSize(width: image.width, height: image.height).padded(toMultiple: Self.sideMultiple)
        let executor = try executor(for: Graph.Extent(height: size.height, width: size.width))
        var grids = Self.strides.map { FaceGrid(stride: $0, width: size.width, height: size.height) }
        try executor.run(
            readRow: { y, row in
                // Black beside and below: a mirrored border would show faces that are not there.
                for index in row.indices { row[index] = 0 }
                guard y < image.height else { return }
                image.withRow(y) { source in for index in source.indices { row[index] = source[index] } }
            },
            writeNumbers: { output, y, row in
                if let place = places[output] { grids[place.grid].take(place.part, row: y, row) }
            })
        return grids.flatMap { $0.faces(surerThan: options.minimumScore) }
            .filter { face in
                let (x, y) = (face.origin.x + face.width / 2, face.origin.y + face.height / 2)
                return (0...Double(image.width)).contains(x) && (0...Double(image.height)).contains(y)
            }
            .withoutDoubles(sharing: options.mostOverlap)
    }

    private func executor(for picture: Graph.Extent) throws(EngineError) -> Executor {
        if let executor, executor.plan.picture == picture { return executor }
        executor = nil  // its memory goes before new memory comes
        let made = try Executor(
            model: model, plan: try Plan(graph: model.graph, picture: picture), instructionSet: options.instructionSet,
            threads: options.threads)
        executor = made
        return made
    }
}

extension [Face] {
    fileprivate var bestScore: Double { self.map(\.score).max() ?? 0 }
    /// Nearly all faces that stand upright are surer than this.
    fileprivate var isUnsure: Bool { bestScore < 0.8 }
}

extension RGBImage {
    /// The picture turned by a quarter against the clock: what was at the right is at the top.
    fileprivate var turnedLeft: RGBImage {
        RGBImage(width: height, height: width) { x, y in
            let pixel = self[width - 1 - y, x]
            return (pixel.red, pixel.green, pixel.blue)
        }
    }
}
