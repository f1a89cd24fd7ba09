import CKernels

/// A model file: a safetensors container, mapped, checked once and used from where it lies.
///
/// Its weights are read by the kernels in place. Whatever is wrong with a file (truncated, altered, hostile) is found
/// here and told as one sentence; nothing after this point can read outside the map.
public final class ModelFile: Sendable {
    /// The largest file that is accepted, in bytes.
    public static let maximumBytes = 256 << 20
    /// The format version that this engine writes and reads.
    public static let formatVersion = "1"

    /// Where it was read from.
    public let path: String
    /// The network.
    public let graph: Graph
    /// The CRC-32 that the file carries, as eight hexadecimal digits.
    public let checksum: String
    /// The size of the file in bytes.
    public var byteCount: Int { file.bytes.count }

    /// The parameters of each layer.
    let layers: [any LayerKind]
    /// What padding of each tensor is filled with, one per channel.
    package let zeroPoints: [[Int8]]
    private let quantizations: [Quantization]
    let file: MappedFile

    /// Maps and checks the file at `path`.
    ///
    /// - Parameters:
    ///   - path: A `.safetensors` file written by `animesnap model import`.
    ///   - isCopied: Whether it is read into memory, because it lies where people may overwrite it at any time, and not
    ///     mapped.
    /// - Throws: ``ModelFileError`` saying why the file cannot be used.
    public init(path: String, isCopied: Bool = false) throws(ModelFileError) {
        let file = try MappedFile(path: path, limit: Self.maximumBytes, isCopied: isCopied)
        func refusal(_ reason: String) -> ModelFileError { ModelFileError(path: path, reason: reason) }
        do throws(SafeTensors.Failure) {
            let container = try SafeTensors(file: file.bytes)
            checksum = try Self.verifyChecksum(file.bytes, container)
            guard let text = container.metadata["graph"] else { throw .init("it holds no graph") }
            let graph: Graph
            do { graph = try Graph(parsing: text) } catch { throw SafeTensors.Failure(error.reason) }
            let reader = ParameterReader(bytes: file.bytes, container: container, graph: graph)
            var layers: [any LayerKind] = []
            for layer in graph.layers { layers.append(try layer.kind.type.init(layer, from: reader)) }
            zeroPoints = try reader.zeroPoints()
            var quantizations: [Quantization] = []
            for port in graph.outputs { quantizations.append(try reader.quantization(of: port)) }
            self.quantizations = quantizations
            self.layers = layers
            self.graph = graph
        } catch {
            throw refusal(error.reason)
        }
        self.path = path
        self.file = file
    }

    /// What the samples of an output stand for.
    public struct Quantization: Sendable, Equatable {
        /// One per channel.
        public let scale: [Float]
        /// One per channel.
        public let zeroPoint: [Float]

        /// The real number that `sample` of `channel` stands for: scale * (sample - 128 - zero point).
        public func real(_ sample: UInt8, channel: Int) -> Float {
            scale[channel] * (Float(Int(sample) - 128) - zeroPoint[channel])
        }
    }

    /// What the samples of the output `index` stand for; those of pictures stand for -1 to 1.
    public func quantization(ofOutput index: Int) -> Quantization { quantizations[index] }

    /// The trainable numbers in the file: weights (padding not counted) and biases.
    public var parameterCount: Int {
        graph.layers.reduce(0) { $0 + $1.kind.type.parameterCount(of: $1, in: graph) }
    }

    private static func verifyChecksum(
        _ bytes: UnsafeRawBufferPointer, _ container: SafeTensors
    ) throws(SafeTensors.Failure) -> String {
        guard container.metadata["format"] == "animesnap" else {
            throw .init("it is a safetensors file of something else; 'animesnap model import' makes model files")
        }
        guard let version = container.metadata["format_version"], version == formatVersion else {
            throw .init(
                "it has format version \(container.metadata["format_version"] ?? "none"); this program reads "
                    + formatVersion)
        }
        // The checksum covers the whole file with its own eight digits read as zeros.
        guard let stated = container.metadata["checksum"], stated.utf8.count == 8,
            let digits = find("\"checksum\":\"\(stated)\"", in: bytes, container.header)
        else { throw .init("it carries no checksum") }
        let start = digits + "\"checksum\":\"".utf8.count
        var checksum = Checksum()
        checksum.add(UnsafeRawBufferPointer(rebasing: bytes[..<start]))
        let zeros: [UInt8] = Array(repeating: UInt8(ascii: "0"), count: 8)
        zeros.withUnsafeBytes { checksum.add($0) }
        checksum.add(UnsafeRawBufferPointer(rebasing: bytes[(start + 8)...]))
        guard checksum.text == stated else {
            throw .init("its checksum is \(checksum.text) where \(stated) was written; it is damaged or was altered")
        }
        return stated
    }

    private static func find(_ text: String, in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        let pattern = Array(text.utf8)
        guard range.count >= pattern.count else { return nil }
        return (range.lowerBound...range.upperBound - pattern.count).first { start in
            bytes[start] == pattern[0] && bytes[start..<start + pattern.count].elementsEqual(pattern)
        }
    }
}
