import Engine

/// What a model file says about its network besides the layers.
public struct ModelDescription: Sendable {
    /// What users call the network, for example `cel-m`.
    public var name: String
    /// The style, for example `cel`.
    public var style: String
    /// One line for people.
    public var title: String
    /// The terms of the weights.
    public var licence: String

    /// A description with all its parts.
    public init(name: String, style: String, title: String, licence: String) {
        self.name = name
        self.style = style
        self.title = title
        self.licence = licence
    }
}

/// Writes networks as `.safetensors` files that the engine maps and uses as they are.
///
/// The data starts at a multiple of 64 bytes and so does every tensor in it. The graph is JSON in the metadata. The
/// checksum is the CRC-32 of the whole file in which its own eight digits are zeros.
package struct ModelFileWriter {
    private var entries: [(String, JSONText)] = []
    private var data: [UInt8] = []

    private init() {}

    /// The bytes of the file.
    package static func write(_ network: QuantizedNetwork, _ description: ModelDescription) -> [UInt8] {
        var writer = ModelFileWriter()
        for layer in network.layers { writer.append(layer) }
        let padded = network.graph.paddedTensors()
        for (index, tensor) in network.graph.tensors.enumerated() where index > 0 && padded[index] {
            writer.append("\(tensor.name).zero_point", network.tensors[index].padding.map { UInt8(bitPattern: $0) })
        }
        return writer.finish(graph: graph(network, description).text)
    }

    private static let checksumKey = "\"checksum\":\""

    private func finish(graph: String) -> [UInt8] {
        let metadata: [(String, JSONText)] = [
            ("format", .string("animesnap")), ("format_version", .string("1")), ("checksum", .string("00000000")),
            ("graph", .string(graph)),
        ]
        var header = Array(JSONText.object([("__metadata__", .object(metadata))] + entries).text.utf8)
        header += [UInt8](repeating: UInt8(ascii: " "), count: (64 - (header.count + 8) % 64) % 64)
        var file: [UInt8] = []
        file.reserveCapacity(8 + header.count + data.count)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
        file += header
        file += data
        // The metadata comes first and the graph after the checksum, so the first match is the checksum's own key.
        var checksum = Checksum()
        file.withUnsafeBytes { checksum.add($0) }
        let digits = Array(checksum.text.utf8)
        let key = Array(Self.checksumKey.utf8)
        if let start = (8..<file.count - key.count).first(where: { file[$0..<$0 + key.count].elementsEqual(key) }) {
            file.replaceSubrange(start + key.count..<start + key.count + digits.count, with: digits)
        }
        return file
    }

    private mutating func append(_ layer: QuantizedLayer) {
        let name = layer.layer.name
        append("\(name).weights", WeightPacking.pack(layer))
        append("\(name).bias", "I32", WeightPacking.perGroup(layer, layer.bias).map { UInt32(bitPattern: $0) })
        append("\(name).scale", "F32", WeightPacking.perGroup(layer, layer.scale).map(\.bitPattern))
        if !layer.residualScale.isEmpty {
            append(
                "\(name).residual_scale", "F32", WeightPacking.perGroup(layer, layer.residualScale).map(\.bitPattern))
        }
    }

    private mutating func append(_ name: String, _ bytes: [UInt8]) {
        let padded = bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
        append(name, type: "I8", count: padded.count, padded)
    }

    private mutating func append(_ name: String, _ type: String, _ words: [UInt32]) {
        let bytes = words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
        append(name, type: type, count: words.count, bytes)
    }

    private mutating func append(_ name: String, type: String, count: Int, _ bytes: [UInt8]) {
        let entry: [(String, JSONText)] = [
            ("dtype", .string(type)), ("shape", .integers([count])),
            ("data_offsets", .integers([data.count, data.count + bytes.count])),
        ]
        entries.append((name, .object(entry)))
        data += bytes
    }

    private static func graph(_ network: QuantizedNetwork, _ description: ModelDescription) -> JSONText {
        let tensors = zip(network.graph.tensors, network.tensors).map { tensor, quantization in
            JSONText.object([
                ("name", .string(tensor.name)), ("channels", .integer(tensor.channels)),
                ("scale_min", .number(quantization.scale.min() ?? 0)),
                ("scale_max", .number(quantization.scale.max() ?? 0)),
            ])
        }
        return .object([
            ("name", .string(description.name)), ("style", .string(description.style)),
            ("title", .string(description.title)), ("licence", .string(description.licence)),
            ("side_multiple", .integer(network.graph.sideMultiple)), ("tensors", .array(tensors)),
            ("layers", .array(network.graph.layers.map(layer))),
        ])
    }

    private static func layer(_ layer: Layer) -> JSONText {
        let window = layer.window
        let padding = window.padding
        var members: [(String, JSONText)] = [
            ("name", .string(layer.name)), ("kind", .string(layer.kind.rawValue)), ("input", .integer(layer.input)),
            ("output", .integer(layer.output)),
        ]
        if let residual = layer.residual { members.append(("residual", .integer(residual))) }
        members.append(("kernel", .integers([window.height, window.width])))
        members.append(("stride", .integers([window.strideY, window.strideX])))
        members.append(("padding", .integers([padding.top, padding.left, padding.bottom, padding.right])))
        if layer.rowGroups > 1 { members.append(("row_groups", .integer(layer.rowGroups))) }
        return .object(members)
    }
}
