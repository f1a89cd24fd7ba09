/// Puts weights and per-channel numbers into the order in which the kernels read them (see CKernels.h).
package enum WeightPacking {
    /// The bytes of a layer's weights; row groups follow each other, each padded to a multiple of 64 bytes.
    package static func pack(_ layer: QuantizedLayer) -> [UInt8] {
        layer.layer.kind == .depthwise
            ? packDepthwise(layer) : (0..<layer.layer.rowGroups).flatMap { packGroup(layer, $0) }
    }

    /// [tap][channels rounded up to 16]
    private static func packDepthwise(_ layer: QuantizedLayer) -> [UInt8] {
        let channels = layer.layer.channels
        let padded = (channels + 15) / 16 * 16
        return (0..<layer.layer.depth * padded).map { index in
            let channel = index % padded
            return channel < channels ? UInt8(bitPattern: layer.weights[index / padded * channels + channel]) : 0
        }
    }

    /// Blocks of 16 output channels, the last 8 wide when no more than 8 remain; in a block [group of 4 along the
    /// depth][channel][4]. Every row of the window is rounded up to groups of 4.
    private static func packGroup(_ quantized: QuantizedLayer, _ group: Int) -> [UInt8] {
        let layer = quantized.layer
        let channels = layer.channels / layer.rowGroups
        let run = layer.depth / layer.window.height
        let segment = (run + 3) / 4 * 4
        var bytes: [UInt8] = []
        for block in stride(from: 0, to: channels, by: 16) {
            let width = channels - block <= 8 ? 8 : 16
            for position in stride(from: 0, to: layer.window.height * segment, by: 4) {
                for channel in block..<block + width {
                    for element in position..<position + 4 {
                        let column = element % segment
                        guard channel < channels, column < run else {
                            bytes.append(0)
                            continue
                        }
                        let output = group * channels + channel
                        let weight = quantized.weights[output * layer.depth + element / segment * run + column]
                        bytes.append(UInt8(bitPattern: weight))
                    }
                }
            }
        }
        return bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
    }

    /// One number per output channel, every row group padded with zeros to a multiple of 16.
    package static func perGroup<Number: Numeric>(_ layer: QuantizedLayer, _ numbers: [Number]) -> [Number] {
        let channels = numbers.count / layer.layer.rowGroups
        let padded = (channels + 15) / 16 * 16
        return (0..<layer.layer.rowGroups * padded).map { index in
            let channel = index % padded
            return channel < channels ? numbers[index / padded * channels + channel] : 0
        }
    }
}
