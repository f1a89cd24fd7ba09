import Engine

/// What a model file says about its network besides the layers.
public struct ModelDescription: Sendable {
    /// What users call the network, for example `cute-m`.
    public var name: String
    /// The style, for example `cute`.
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
        for (index, tensor) in network.graph.tensors.enumerated() where padded[index] {
            // Zeros need not be told, as those of a picture from -1 to 1.
            if index == 0, network.tensors[0].padding.allSatisfy({ $0 == 0 }) { continue }
            writer.append("\(tensor.name).zero_point", network.tensors[index].padding.map { UInt8(bitPattern: $0) })
        }
        for output in network.graph.outputs
        where !network.graph.isPicture(output.tensor) && !network.graph.tensors[output.tensor].isReal {
            let name = network.graph.tensors[output.tensor].name
            let quantization = network.tensors[output.tensor]
            writer.appendFloats("\(name).output_scale", quantization.scale.map { Float($0) })
            writer.appendFloats("\(name).output_zero", quantization.zeroPoint.map { Float($0) })
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
        if let pass = layer.pass { return append(pass, name) }
        append("\(name).weights", WeightPacking.pack(layer))
        append("\(name).bias", "I32", WeightPacking.perGroup(layer, layer.bias).map { UInt32(bitPattern: $0) })
        append("\(name).scale", "F32", WeightPacking.perGroup(layer, layer.scale).map(\.bitPattern))
        if !layer.residualScale.isEmpty {
            append(
                "\(name).residual_scale", "F32", WeightPacking.perGroup(layer, layer.residualScale).map(\.bitPattern))
        }
    }

    private mutating func append(_ pass: QuantizedPass, _ name: String) {
        switch pass {
        case .pointwise(let pointwise):
            appendFloats("\(name).scale", pointwise.scale)
            appendFloats("\(name).offset", pointwise.offset)
            appendFloats("\(name).post", pointwise.post)
            appendFloats("\(name).constants", [pointwise.slope, pointwise.epsilon])
            if !pointwise.residualScale.isEmpty { appendFloats("\(name).residual_scale", pointwise.residualScale) }
            append("\(name).input", pointwise.input)
            append("\(name).reference", pointwise.reference)
        case .attention(let attention):
            appendFloats("\(name).powers", attention.powers)
            appendFloats("\(name).scale", attention.scale)
            appendFloats("\(name).offset", attention.zeroPoint)
            appendFloats("\(name).constants", [1, attention.epsilon])
        case .globalAverage(let average):
            appendFloats("\(name).scale", average.scale)
            appendFloats("\(name).offset", average.offset)
        case .channelScale(let scale):
            appendFloats("\(name).scale", scale.scale)
            appendFloats("\(name).input_zero", scale.inputZero)
            appendFloats("\(name).factor_zero", scale.factorZero)
            appendFloats("\(name).post", scale.post)
        case .lookup(let table): append("\(name).table", table.map { UInt8(bitPattern: $0) })
        case .resize, .maxPool: break
        }
    }

    private mutating func append(_ name: String, _ quantization: TensorQuantization?) {
        guard let quantization else { return }
        appendFloats("\(name)_scale", quantization.scale.map { Float($0) })
        appendFloats("\(name)_zero", quantization.zeroPoint.map { Float($0) })
    }

    /// Padded with zeros to a multiple of 16, as the engine reads them.
    private mutating func appendFloats(_ name: String, _ floats: [Float]) {
        let padded = floats + [Float](repeating: 0, count: (16 - floats.count % 16) % 16)
        append(name, "F32", padded.map(\.bitPattern))
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
            var members: [(String, JSONText)] = [
                ("name", .string(tensor.name)), ("channels", .integer(tensor.channels)),
            ]
            if tensor.isReal { members.append(("type", .string("float32"))) }
            members.append(("scale_min", .number(quantization.scale.min() ?? 0)))
            members.append(("scale_max", .number(quantization.scale.max() ?? 0)))
            return JSONText.object(members)
        }
        var members: [(String, JSONText)] = [
            ("name", .string(description.name)), ("style", .string(description.style)),
            ("title", .string(description.title)), ("licence", .string(description.licence)),
            ("side_multiple", .integer(network.graph.sideMultiple)), ("tensors", .array(tensors)),
        ]
        if !network.graph.hasPlainOutput {
            let outputs = network.graph.outputs.map { output in
                JSONText.object([("name", .string(output.name)), ("tensor", .integer(output.tensor))])
            }
            members.append(("outputs", .array(outputs)))
        }
        members.append(("layers", .array(network.graph.layers.map(layer))))
        return .object(members)
    }

    private static func layer(_ layer: Layer) -> JSONText {
        let window = layer.window
        let padding = window.padding
        var members: [(String, JSONText)] = [
            ("name", .string(layer.name)), ("kind", .string(layer.kind.name)), ("input", .integer(layer.input)),
            ("output", .integer(layer.output)),
        ]
        if let residual = layer.residual { members.append(("residual", .integer(residual))) }
        members.append(("kernel", .integers([window.height, window.width])))
        members.append(("stride", .integers([window.strideY, window.strideX])))
        members.append(("padding", .integers([padding.top, padding.left, padding.bottom, padding.right])))
        switch window.border {
        case .zero: break
        case .reflect: members.append(("border", .string("reflect")))
        case .lowest: members.append(("border", .string("lowest")))
        }
        if layer.rowGroups > 1 { members.append(("row_groups", .integer(layer.rowGroups))) }
        switch layer.kind {
        case .pointwise(let pointwise):
            members += Self.members(pointwise.statistics)
            if pointwise.residualFirst { members.append(("residual_order", .string("first"))) }
        case .resize(let resize):
            members.append(("factor", .integers([resize.factor])))
            members.append(
                ("coordinates", .string(resize.mode == .nearest ? "nearest" : resize.coordinates.name)))
        case .channelScale(let factors): members.append(("factors", .integer(factors)))
        case .convolution, .depthwise, .attention, .function, .maxPool, .globalAverage: break
        }
        return .object(members)
    }

    private static func members(_ statistics: Pointwise.Statistics?) -> [(String, JSONText)] {
        switch statistics {
        case nil: []
        case .own(let normalization):
            [("normalization", .string(normalization.scope == .layer ? "layer" : "instance"))]
        case .adaptive(let reference, _):
            [("normalization", .string("adaptive")), ("reference", .integer(reference))]
        }
    }
}

extension Layer.Kind {
    /// What the engine calls it.
    var name: String {
        switch self {
        case .convolution: "convolution"
        case .depthwise: "depthwise"
        case .pointwise: "pointwise"
        case .resize: "resize"
        case .attention: "attention"
        case .function: "lookup"
        case .maxPool: "max_pool"
        case .globalAverage: "global_average"
        case .channelScale: "channel_scale"
        }
    }
}

extension Resize.Coordinates {
    /// What the engine calls them.
    var name: String {
        switch self {
        case .asymmetric: "asymmetric"
        case .alignCorners: "align_corners"
        case .halfPixel: "half_pixel"
        }
    }
}
