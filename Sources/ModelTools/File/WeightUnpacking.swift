import Engine

/// Takes weights and per-channel numbers out of the order in which the kernels read them, as `WeightPacking` puts them
/// into it.
package enum WeightUnpacking {
    /// The weights of a dense convolution, [output channel][row of the window][column][input channel].
    package static func convolution(_ bytes: [Int8], _ layer: Graph.Layer, in graph: Graph) -> [Int8] {
        let channels = graph.groupChannels(of: layer)
        let run = layer.kernel.width * graph.tensors[layer.input].channels
        let segment = (run + 3) / 4 * 4
        let depth = layer.kernel.height * segment
        let groupBytes = ((channels + 7) / 8 * 8 * depth + 63) / 64 * 64
        var weights: [Int8] = []
        weights.reserveCapacity(layer.rowGroups * channels * layer.kernel.height * run)
        for group in 0..<layer.rowGroups {
            for channel in 0..<channels {
                let block = channel / 16 * 16
                let width = channels - block <= 8 ? 8 : 16
                let start = group * groupBytes + block * depth + (channel - block) * 4
                for row in 0..<layer.kernel.height {
                    for column in 0..<run {
                        let position = row * segment + column
                        weights.append(bytes[start + position / 4 * 4 * width + position % 4])
                    }
                }
            }
        }
        return weights
    }

    /// The weights of a depthwise convolution, [row of the window][column][channel].
    package static func depthwise(_ bytes: [Int8], _ layer: Graph.Layer, in graph: Graph) -> [Int8] {
        let channels = graph.tensors[layer.output].channels
        let padded = (channels + 15) / 16 * 16
        return (0..<layer.kernel.height * layer.kernel.width * channels).map {
            bytes[$0 / channels * padded + $0 % channels]
        }
    }

    /// Numbers of a convolution's output channels, of which every row group has a multiple of 16.
    package static func perGroup<Number>(_ numbers: [Number], _ layer: Graph.Layer, in graph: Graph) -> [Number] {
        let channels = graph.groupChannels(of: layer)
        let padded = (channels + 15) / 16 * 16
        return (0..<layer.rowGroups * channels).map { numbers[$0 / channels * padded + $0 % channels] }
    }
}
