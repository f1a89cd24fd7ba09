import Engine

/// A model file of any graph, whose tensors are filled with numbers that mean nothing.
struct GraphFile {
    struct Tensor {
        let name: String
        let type: String
        var bytes: [UInt8]
    }

    /// The graph, as JSON.
    var text: String
    var tensors: [Tensor] = []

    /// All tensors that `graph` needs, filled with the bytes of `pattern`, around and around.
    init(_ graph: Graph, text: String? = nil, pattern: [UInt8] = [60, 7, 101, 30, 200, 1, 90]) {
        self.text = text ?? Self.text(of: graph)
        var source = Source(pattern)
        for layer in graph.layers { add(layer, graph, &source) }
    }

    /// A file with `text` for a graph and no tensors.
    init(text: String) { self.text = text }

    private mutating func add(_ layer: Graph.Layer, _ graph: Graph, _ source: inout Source) {
        let name = layer.name
        let inputs = graph.tensors[layer.input].channels
        let entries = (inputs + 15) / 16 * 16
        func floats(_ part: String, _ count: Int) -> Tensor {
            Tensor(name: "\(name).\(part)", type: "F32", bytes: source.floats(count))
        }
        switch layer.kind {
        case .convolution, .depthwise:
            let channels = graph.groupChannels(of: layer)
            let total = (channels + 15) / 16 * 16 * layer.rowGroups
            let run = layer.kernel.width * inputs
            let segment = (run + 3) / 4 * 4
            var group =
                layer.kind == .convolution
                ? (channels + 7) / 8 * 8 * layer.kernel.height * segment
                : (channels + 15) / 16 * 16 * layer.kernel.height * layer.kernel.width
            group = (group + 63) / 64 * 64
            var weights = source.bytes(group * layer.rowGroups)
            if layer.kind == .convolution, run < segment {
                for start in stride(from: 0, to: weights.count, by: group) {
                    Self.clear(&weights, from: start, channels, rows: layer.kernel.height, segment: segment, run: run)
                }
            }
            tensors.append(Tensor(name: "\(name).weights", type: "I8", bytes: weights))
            tensors.append(Tensor(name: "\(name).bias", type: "I32", bytes: source.words(total)))
            tensors.append(floats("scale", total))
            if layer.residual != nil { tensors.append(floats("residual_scale", total)) }
        case .pointwise:
            tensors += ["scale", "offset", "post"].map { floats($0, entries) } + [floats("constants", 16)]
            if layer.residual != nil { tensors.append(floats("residual_scale", entries)) }
            guard layer.normalization != nil else { return }
            tensors += ["input_scale", "input_zero"].map { floats($0, entries) }
            guard case .adaptive = layer.normalization else { return }
            tensors += ["reference_scale", "reference_zero"].map { floats($0, entries) }
        case .attention:
            tensors += [floats("powers", 256), floats("constants", 16)]
            tensors += ["scale", "offset"].map { floats($0, entries) }
        case .lookup:
            tensors.append(Tensor(name: "\(name).table", type: "I8", bytes: source.bytes(256 * inputs)))
        case .globalAverage: tensors += ["scale", "offset"].map { floats($0, entries) }
        case .channelScale:
            tensors += ["scale", "input_zero", "factor_zero", "post"].map { floats($0, entries) }
        case .resize, .maxPool: break
        }
    }

    /// Sets the weights of the bytes that fill up each row of a convolution's window to zero.
    private static func clear(
        _ weights: inout [UInt8], from start: Int, _ channels: Int, rows: Int, segment: Int, run: Int
    ) {
        var at = start
        for block in stride(from: 0, to: channels, by: 16) {
            let width = channels - block <= 8 ? 8 : 16
            for index in 0..<rows * segment * width where index / (4 * width) * 4 % segment + index % 4 >= run {
                weights[at + index] = 0
            }
            at += rows * segment * width
        }
    }

    /// Gives element `index` of a tensor of 4-byte elements another value.
    mutating func set(_ name: String, _ index: Int, _ value: Float) {
        for tensor in tensors.indices where tensors[tensor].name == name {
            withUnsafeBytes(of: value) { tensors[tensor].bytes.replaceSubrange(index * 4..<index * 4 + 4, with: $0) }
        }
    }
}

// MARK: - Text

extension GraphFile {
    /// The bytes of the file, with the checksum that fits.
    var bytes: [UInt8] {
        var header =
            "{\"__metadata__\":{\"format\":\"animesnap\",\"format_version\":\"1\",\"checksum\":\"00000000\","
            + "\"graph\":\(Self.quoted(text))}"
        var data: [UInt8] = []
        for tensor in tensors {
            let padded = tensor.bytes + [UInt8](repeating: 0, count: (64 - tensor.bytes.count % 64) % 64)
            let count = padded.count / (tensor.type == "I8" ? 1 : 4)
            header += ",\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.type)\",\"shape\":[\(count)],"
            header += "\"data_offsets\":[\(data.count),\(data.count + padded.count)]}"
            data += padded
        }
        var bytes = Array((header + "}").utf8)
        bytes += [UInt8](repeating: 0x20, count: (64 - (bytes.count + 8) % 64) % 64)
        let length = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) }
        return ModelDraft.sealed(length + bytes + data)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// The graph as a model file has it.
    static func text(of graph: Graph) -> String {
        let tensors = graph.tensors.map { tensor in
            "{\"name\":\"\(tensor.name)\",\"channels\":\(tensor.channels)"
                + (tensor.isReal ? ",\"type\":\"float32\"}" : "}")
        }
        return "{\"name\":\"\(graph.name)\",\"style\":\"\(graph.style)\",\"title\":\"\(graph.title)\","
            + "\"licence\":\"\(graph.licence)\",\"side_multiple\":\(graph.sideMultiple),"
            + "\"tensors\":[\(tensors.joined(separator: ","))],\(ports(of: graph))"
            + "\"layers\":[\(graph.layers.map(text).joined(separator: ","))]}"
    }

    /// What a file says of its outputs; nothing when its last tensor comes out.
    static func ports(of graph: Graph) -> String {
        if graph.outputs.map(\.tensor) == [graph.tensors.count - 1] { return "" }
        let ports = graph.outputs.map { "{\"name\":\"\($0.name)\",\"tensor\":\($0.tensor)}" }
        return "\"outputs\":[\(ports.joined(separator: ","))],"
    }

    private static func text(of layer: Graph.Layer) -> String {
        let padding = layer.padding
        var text =
            "{\"name\":\"\(layer.name)\",\"kind\":\"\(layer.kind.rawValue)\",\"input\":\(layer.input),"
            + "\"output\":\(layer.output),\"kernel\":[\(layer.kernel.height),\(layer.kernel.width)],"
            + "\"stride\":[\(layer.stride.height),\(layer.stride.width)],"
            + "\"padding\":[\(padding.top),\(padding.left),\(padding.bottom),\(padding.right)],"
            + "\"row_groups\":\(layer.rowGroups)"
        if let residual = layer.residual { text += ",\"residual\":\(residual)" }
        if layer.border != .zero { text += ",\"border\":\"\(layer.border.rawValue)\"" }
        if layer.residualFirst { text += ",\"residual_order\":\"first\"" }
        switch layer.normalization {
        case nil: break
        case .layer: text += ",\"normalization\":\"layer\""
        case .instance: text += ",\"normalization\":\"instance\""
        case .adaptive(let reference): text += ",\"normalization\":\"adaptive\",\"reference\":\(reference)"
        }
        if let factors = layer.factors { text += ",\"factors\":\(factors)" }
        if layer.kind == .resize {
            text += ",\"factor\":[\(layer.factor)],\"coordinates\":\"\(layer.coordinates.rawValue)\""
        }
        return text + "}"
    }

    /// Numbers from bytes, around and around.
    private struct Source {
        private let pattern: [UInt8]
        private var at = 0

        init(_ pattern: [UInt8]) { self.pattern = pattern.isEmpty ? [60] : pattern }

        mutating func next() -> UInt8 {
            defer { at = (at + 1) % pattern.count }
            return pattern[at]
        }

        mutating func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in
                let byte = next()
                return byte == 128 ? 127 : byte
            }
        }

        mutating func words(_ count: Int) -> [UInt8] {
            (0..<count).flatMap { _ in withUnsafeBytes(of: Int32(Int8(bitPattern: next())) << 8) { Array($0) } }
        }

        /// Mostly numbers from 0 to 1, and for bytes above 239 some that no file should hold, or only just.
        mutating func floats(_ count: Int) -> [UInt8] {
            let odd: [Float] = [
                1e9, -1e9, 1.1e9, .nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .leastNormalMagnitude, 1,
                -1, 64, 1e-20, 1e20, 0, 127,
            ]
            return (0..<count).flatMap { _ in
                let byte = next()
                let number = byte < 240 ? Float(byte) * Float(byte) / 65536 : odd[Int(byte) - 240]
                return withUnsafeBytes(of: number) { Array($0) }
            }
        }
    }
}
