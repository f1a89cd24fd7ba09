import Engine
import TestSupport

/// A small network with random parameters, kept as plain arrays: it can be written as a model file, and executed by
/// loops so simple that they serve as the oracle of the executor.
struct ModelDraft {
    struct Layer {
        var layer: Graph.Layer
        /// [row group][channel of the group][kernel row][kernel column][input channel]; one input for depthwise.
        var weights: [Int8]
        var bias: [Int32]
        var scale: [Float]
        var residualScale: [Float]
    }

    var graph: Graph
    var layers: [Layer] = []
    var zeroPoints: [[Int8]] = []

    /// Fills `graph` with random parameters of plausible sizes.
    init(graph: Graph, seed: UInt64) {
        self.graph = graph
        var random = SplitMix(seed: seed)
        zeroPoints = graph.tensors.map { tensor in
            (0..<tensor.channels).map { _ in Int8.random(in: -128...127, using: &random) }
        }
        zeroPoints[0] = [0, 0, 0]
        for layer in graph.layers {
            let inputs = layer.kind == .depthwise ? 1 : graph.tensors[layer.input].channels
            let outputs = graph.tensors[layer.output].channels * layer.rowGroups * layer.rowGroups
            let depth = layer.kernel.height * layer.kernel.width * inputs
            let spread = 1 / (Float(depth).squareRoot() * 70)
            layers.append(
                Layer(
                    layer: layer,
                    weights: (0..<outputs * depth).map { _ in Int8.random(in: -127...127, using: &random) },
                    bias: (0..<outputs).map { _ in Int32.random(in: -9_000...9_000, using: &random) },
                    scale: (0..<outputs).map { _ in Float.random(in: 0.2...1, using: &random) * spread },
                    residualScale: (0..<outputs).map { _ in Float.random(in: 0...2, using: &random) }))
        }
    }

    // MARK: The file

    /// The bytes of a model file.
    func fileBytes(editingGraph edit: (String) -> String = { $0 }) -> [UInt8] {
        var data: [UInt8] = []
        var header = ""
        func add(_ name: String, _ type: String, _ bytes: [UInt8], elementBytes: Int) {
            let padded = bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
            header += ",\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(padded.count / elementBytes)],"
            header += "\"data_offsets\":[\(data.count),\(data.count + padded.count)]}"
            data += padded
        }
        for layer in layers {
            add("\(layer.layer.name).weights", "I8", packedWeights(layer), elementBytes: 1)
            add("\(layer.layer.name).bias", "I32", perChannel(layer, layer.bias), elementBytes: 4)
            add("\(layer.layer.name).scale", "F32", perChannel(layer, layer.scale), elementBytes: 4)
            if layer.layer.residual != nil {
                add(
                    "\(layer.layer.name).residual_scale", "F32", perChannel(layer, layer.residualScale), elementBytes: 4
                )
            }
        }
        for (tensor, points) in zip(graph.tensors, zeroPoints) {
            add("\(tensor.name).zero_point", "I8", points.map { UInt8(bitPattern: $0) }, elementBytes: 1)
        }
        let text = edit(graphText).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let metadata =
            "{\"__metadata__\":{\"format\":\"animesnap\",\"format_version\":\"1\",\"checksum\":\"00000000\","
            + "\"graph\":\"\(text)\"}"
        var bytes = Array((metadata + header + "}").utf8)
        bytes += [UInt8](repeating: 0x20, count: (64 - (bytes.count + 8) % 64) % 64)
        bytes = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) } + bytes + data
        return Self.sealed(bytes)
    }

    /// The same file with the checksum that fits its bytes.
    static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let key = Array("\"checksum\":\"".utf8)
        guard let found = bytes.firstRange(of: key) else { return bytes }
        var bytes = bytes
        bytes.replaceSubrange(found.upperBound..<found.upperBound + 8, with: Array("00000000".utf8))
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.add($0) }
        bytes.replaceSubrange(found.upperBound..<found.upperBound + 8, with: Array(checksum.text.utf8))
        return bytes
    }

    private var graphText: String {
        let tensors = graph.tensors.map { "{\"name\":\"\($0.name)\",\"channels\":\($0.channels)}" }
        let layers = graph.layers.map { layer in
            "{\"name\":\"\(layer.name)\",\"kind\":\"\(layer.kind.rawValue)\",\"input\":\(layer.input),"
                + "\"output\":\(layer.output)," + (layer.residual.map { "\"residual\":\($0)," } ?? "")
                + "\"kernel\":[\(layer.kernel.height),\(layer.kernel.width)],"
                + "\"stride\":[\(layer.stride.height),\(layer.stride.width)],\"padding\":[\(layer.padding.top),"
                + "\(layer.padding.left),\(layer.padding.bottom),\(layer.padding.right)],\"row_groups\":\(layer.rowGroups)}"
        }
        return "{\"name\":\"\(graph.name)\",\"style\":\"\(graph.style)\",\"title\":\"\(graph.title)\","
            + "\"licence\":\"\(graph.licence)\",\"side_multiple\":\(graph.sideMultiple),"
            + "\"tensors\":[\(tensors.joined(separator: ","))],\(GraphFile.ports(of: graph))"
            + "\"layers\":[\(layers.joined(separator: ","))]}"
    }

    private func perChannel<Value>(_ layer: Layer, _ values: [Value]) -> [UInt8] {
        let channels = graph.groupChannels(of: layer.layer)
        var bytes: [UInt8] = []
        for group in 0..<layer.layer.rowGroups {
            let own = values[group * channels..<(group + 1) * channels]
            bytes += own.withUnsafeBytes { Array($0) }
            bytes += [UInt8](repeating: 0, count: ((channels + 15) / 16 * 16 - channels) * 4)
        }
        return bytes
    }

    private func packedWeights(_ layer: Layer) -> [UInt8] {
        let channels = graph.groupChannels(of: layer.layer)
        let kernel = layer.layer.kernel
        var bytes: [UInt8] = []
        func pad() { bytes += [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64) }
        if layer.layer.kind == .depthwise {
            let window = kernel.height * kernel.width
            for tap in 0..<window {
                for channel in 0..<(channels + 15) / 16 * 16 {
                    bytes.append(channel < channels ? UInt8(bitPattern: layer.weights[channel * window + tap]) : 0)
                }
            }
            pad()
            return bytes
        }
        let run = kernel.width * graph.tensors[layer.layer.input].channels
        let depth = kernel.height * run
        for group in 0..<layer.layer.rowGroups {
            for block in stride(from: 0, to: channels, by: 16) {
                let width = channels - block <= 8 ? 8 : 16
                for row in 0..<kernel.height {
                    for four in stride(from: 0, to: run, by: 4) {
                        for channel in block..<block + width {
                            for byte in four..<four + 4 {
                                let exists = channel < channels && byte < run
                                let index = (group * channels + channel) * depth + row * run + byte
                                bytes.append(exists ? UInt8(bitPattern: layer.weights[index]) : 0)
                            }
                        }
                    }
                }
            }
            pad()
        }
        return bytes
    }

    // MARK: The oracle

    /// The network's first output for a packed RGB picture, by definition.
    func paint(_ samples: [UInt8], width: Int, height: Int) throws -> [UInt8] {
        try outputs(of: samples, width: width, height: height)[0]
    }

    /// All outputs.
    func outputs(of samples: [UInt8], width: Int, height: Int) throws -> [[UInt8]] {
        let sizes = try graph.sizes(for: Graph.Extent(height: height, width: width))
        var values = [[Int8]](repeating: [], count: graph.tensors.count)
        values[0] = samples.map { Int8(Int($0) - 128) }
        for layer in layers {
            values[layer.layer.output] = output(of: layer, values, sizes)
        }
        return graph.outputs.map { values[$0.tensor].map { UInt8(Int($0) + 128) } }
    }

    private func output(of draft: Layer, _ values: [[Int8]], _ sizes: [Graph.Extent]) -> [Int8] {
        let layer = draft.layer
        let (input, output) = (sizes[layer.input], sizes[layer.output])
        let inputChannels = graph.tensors[layer.input].channels
        let channels = graph.tensors[layer.output].channels
        let groups = layer.rowGroups
        let inputs = layer.kind == .depthwise ? 1 : inputChannels
        var result = [Int8](repeating: 0, count: output.height * output.width * channels)
        for y in 0..<output.height {
            for x in 0..<output.width {
                for channel in 0..<channels {
                    let row = y / groups * layer.stride.height - layer.padding.top
                    let column = x / groups * layer.stride.width - layer.padding.left
                    let parameter = (y % groups * groups + x % groups) * channels + channel
                    var sum = draft.bias[parameter]
                    for ky in 0..<layer.kernel.height {
                        for kx in 0..<layer.kernel.width {
                            for c in 0..<inputs {
                                let source = layer.kind == .depthwise ? channel : c
                                let inside =
                                    (0..<input.height).contains(row + ky) && (0..<input.width).contains(column + kx)
                                let value =
                                    inside
                                    ? values[layer.input][
                                        ((row + ky) * input.width + column + kx) * inputChannels + source]
                                    : zeroPoints[layer.input][source]
                                let tap =
                                    ((parameter * layer.kernel.height + ky) * layer.kernel.width + kx) * inputs + c
                                sum += Int32(draft.weights[tap]) * Int32(value)
                            }
                        }
                    }
                    let index = (y * output.width + x) * channels + channel
                    var value = Float(sum) * draft.scale[parameter]
                    if let residual = layer.residual {
                        let addend = Float(values[residual][index]) * draft.residualScale[parameter]
                        value += addend
                    }
                    result[index] = Int8(max(-128, min(127, value.rounded(.toNearestOrEven))))
                }
            }
        }
        return result
    }
}
