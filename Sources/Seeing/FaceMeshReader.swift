import Engine
import Imaging

/// Reads the mesh of faces that were found, with MediaPipe's face landmark network and its iris network on the engine. The
/// same picture and face give the same mesh on every processor.
///
/// One task uses a reader at a time. All memory is there before the first face.
public final class FaceMeshReader {
    /// Choices.
    public struct Options: Sendable {
        /// A face that the network is less sure of gets no mesh, 0...1.
        public var minimumPresence = 0.5
        /// The kernels.
        public var instructionSet: InstructionSet = .best
        /// The threads that compute, 1...64.
        public var threads = 1

        /// The standard choices.
        public init() {}
    }

    /// What was read of a face.
    public struct Reading: Equatable, Sendable {
        /// How sure the network is that there is a face that it can read, 0 to 1. It is not for a drawn one, mostly, or one
        /// that is hidden or looks away.
        public var presence: Double
        /// The mesh; nil when ``presence`` is too low.
        public var mesh: FaceMesh?
    }

    /// The sides of what the mesh's network sees.
    static let meshPixels = 192
    /// The sides of what the iris network sees.
    static let eyePixels = 64
    /// How much larger than the face, or its mesh, what is seen is, as the network learned it.
    private static let scale = 1.5

    private let meshNetwork: SeeingNetwork
    private let irisNetwork: SeeingNetwork?
    private let options: Options

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - mesh: A network that makes 468 points and a presence of a picture of 192x192.
    ///   - iris: One that makes 71 points of an eye's surroundings and 5 of its iris of a picture of 64x64. Without it eyes
    ///     are as the mesh has them, and nobody knows where they look.
    ///   - options: Choices.
    /// - Throws: ``SeeingError`` when a model is no such network, `EngineError` when there is no memory.
    public init(mesh: ModelFile, iris: ModelFile? = nil, options: Options = Options()) throws {
        meshNetwork = try SeeingNetwork(
            mesh, thatMust: "reads the mesh of a face", pixels: Self.meshPixels,
            outputs: [.init(count: 3 * FaceMesh.pointCount), .init(count: 1)], instructionSet: options.instructionSet,
            threads: options.threads)
        irisNetwork = try iris.map { model in
            try SeeingNetwork(
                model, thatMust: "reads an eye", pixels: Self.eyePixels,
                outputs: [.init(count: 3 * Eye.contourCount), .init(count: 3 * Eye.irisCount)],
                instructionSet: options.instructionSet, threads: options.threads)
        }
        self.options = options
    }

    /// Reads a face.
    ///
    /// It is looked at twice: as the five landmarks say, then as the mesh of the first look says, which knows better how
    /// large it is and where its middle is.
    ///
    /// - Parameters:
    ///   - face: A face, in pixels of `image`. It may lie partly outside, and be turned in any way.
    ///   - image: The upright picture. A face of 192 pixels and more is read best.
    /// - Returns: The mesh in pixels of `image`.
    /// - Throws: `EngineError`.
    public func reading(of face: Face, in image: RGBImage) throws -> Reading {
        guard let square = face.square(scale: Self.scale) else { return Reading(presence: 0, mesh: nil) }
        let first = try look(at: square, in: image)
        guard let better = first.mesh?.square(scale: Self.scale) else { return first }
        var reading = try look(at: better, in: image)
        if reading.mesh != nil { try readEyes(of: &reading, in: image) }
        return reading
    }

    /// Reads all faces that were seen in a photo.
    ///
    /// - Parameters:
    ///   - sighting: What a detector saw.
    ///   - image: The same photo, upright, at any size: ``FaceDetector/Sighting/side(toShowFacesAt:atMost:)`` tells one.
    /// - Returns: A reading for each face, in pixels of the photo.
    /// - Throws: `EngineError`.
    public func readings(of sighting: FaceDetector.Sighting, in image: RGBImage) throws -> [Reading] {
        let x = Double(sighting.photo.width) / Double(image.width)
        let y = Double(sighting.photo.height) / Double(image.height)
        return try sighting.faces.map { face in
            var reading = try reading(of: face.moved { PicturePoint(x: $0.x / x, y: $0.y / y) }, in: image)
            reading.mesh = reading.mesh?.scaled(x: x, y: y)
            return reading
        }
    }

    /// One look at a square.
    private func look(at square: AlignedSquare, in image: RGBImage) throws -> Reading {
        let numbers = try meshNetwork.run { y, row in
            square.fillRow(y, of: Self.meshPixels, from: image, into: &row)
        }
        let presence = Self.probability(numbers[1][0])
        guard presence >= options.minimumPresence else { return Reading(presence: presence, mesh: nil) }
        guard let mesh = FaceMesh(numbers: numbers[0], square: square) else { return Reading(presence: 0, mesh: nil) }
        return Reading(presence: presence, mesh: mesh)
    }

    private func readEyes(of reading: inout Reading, in image: RGBImage) throws {
        guard let irisNetwork else { return }
        for eye in Eye.allCases {
            guard let square = reading.mesh.flatMap({ eye.square(in: $0) }) else { continue }
            let numbers = try irisNetwork.run { y, row in
                square.fillRow(y, of: Self.eyePixels, from: image, into: &row)
            }
            reading.mesh?.take(eye, contour: numbers[0], iris: numbers[1], square: square)
        }
    }

    /// The logistic function; 0 for what is no number.
    package static func probability(_ logit: Float) -> Double {
        logit.isNaN ? 0 : 1 / (1 + exponential(-Double(min(max(logit, -100), 100))))
    }
}

extension Face {
    /// The square around the face in which a network sees it upright, `scale` times as large as the box's longer side.
    ///
    /// It stands as eyes and mouth together say: from the side the eyes alone are too near each other to tell.
    func square(scale: Double) -> AlignedSquare? {
        let down = (rightMouthCorner + leftMouthCorner - rightEye - leftEye) * 0.5
        let across = leftEye - rightEye + leftMouthCorner - rightMouthCorner
        return AlignedSquare(
            centre: PicturePoint(x: origin.x + width / 2, y: origin.y + height / 2), side: max(width, height) * scale,
            along: across + PicturePoint(x: down.y, y: -down.x))
    }
}

extension FaceDetector.Sighting {
    /// The longest side at which to decode the photo so that the smallest face is as large as asked for, in pixels.
    ///
    /// - Parameters:
    ///   - pixels: The longer side of the smallest face's box.
    ///   - most: A longer side is not asked for: faces are then smaller.
    /// - Returns: At most `most` and the photo's longest side.
    public func side(toShowFacesAt pixels: Double, atMost most: Int) -> Int {
        let longest = max(photo.width, photo.height)
        let smallest = faces.map { max($0.width, $0.height) }.min() ?? .infinity
        let wanted = min(max(Double(longest) * pixels / smallest, 1), Double(longest)).rounded(.up)
        return min(Int(wanted), most)
    }
}
