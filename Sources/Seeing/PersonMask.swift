import Engine
import Imaging

/// Where people are in a picture.
public struct PersonMask: Equatable, Sendable {
    /// Rows, and columns, of the mask, whatever the picture's shape is.
    public static let side = 256

    /// For each place, row by row from the top, how likely it shows a person: 0 no, 255 yes. ``side`` x ``side`` bytes.
    public let bytes: [UInt8]

    /// How likely column `x` of row `y` shows a person, 0 to 255.
    public subscript(x: Int, y: Int) -> UInt8 { bytes[y * Self.side + x] }

    /// A mask of probabilities; what is no number is 0.
    package init(probabilities: [Float]) {
        bytes = probabilities.map { $0 > 0 ? UInt8((min($0, 1) * 255).rounded()) : 0 }
    }
}

/// Tells people from what is behind them, with MediaPipe's selfie segmentation on the engine. It learned people within a few
/// metres. The same picture gives the same mask on every processor.
///
/// One task uses a segmenter at a time. All memory is there before the first picture.
public final class PersonSegmenter {
    private let network: SeeingNetwork

    /// Makes a segmenter.
    ///
    /// - Parameters:
    ///   - model: A network that makes a probability for each pixel of a picture of 256x256.
    ///   - instructionSet: The kernels.
    ///   - threads: The threads that compute, 1...64.
    /// - Throws: ``SeeingError`` when the model is no such network, `EngineError` when there is no memory.
    public init(model: ModelFile, instructionSet: InstructionSet = .best, threads: Int = 1) throws {
        network = try SeeingNetwork(
            model, thatMust: "tells people from the rest", pixels: PersonMask.side,
            outputs: [.init(count: 1, side: PersonMask.side)], instructionSet: instructionSet, threads: threads)
    }

    /// The mask of an upright picture, which is seen as a square, as the network learned it.
    ///
    /// - Throws: `EngineError`.
    public func mask(of image: RGBImage) throws -> PersonMask {
        let seen = image.resized(width: PersonMask.side, height: PersonMask.side)
        let numbers = try network.run { y, row in
            seen.withRow(y) { source in for index in source.indices { row[index] = source[index] } }
        }
        return PersonMask(probabilities: numbers[0])
    }
}
