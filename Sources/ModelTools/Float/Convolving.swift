extension FeatureMap {
    /// A dense convolution: `weights` is [output channel][window row][window column][input channel], `bias` one value per
    /// output channel, `fill` one value per input channel for padding (zeros when nil). The window must fit and OpenBLAS
    /// must be loaded.
    package func convolved(window: Window, weights: [Float], bias: [Float], fill: [Float]? = nil) -> FloatMap {
        let outputShape = window.output(of: shape, channels: bias.count)
        let depth = window.taps * shape.channels
        let rowsAtOnce = max(1, Swift.min(outputShape.height, 262_144 / max(1, outputShape.width * depth)))
        var matrix = [Float](repeating: 0, count: rowsAtOnce * outputShape.width * depth)
        let padding = fill ?? [Float](repeating: 0, count: shape.channels)
        var output = FloatMap(shape: outputShape)
        for firstRow in stride(from: 0, to: outputShape.height, by: rowsAtOnce) {
            let rows = Swift.min(rowsAtOnce, outputShape.height - firstRow)
            output.values.withUnsafeMutableBufferPointer { target in
                guard let result = target.baseAddress else { return }
                gatherRows(firstRow..<firstRow + rows, window, outputShape.width, fill: padding, into: &matrix)
                MatrixProduct.multiply(
                    matrix, weights, into: result + firstRow * outputShape.width * bias.count,
                    rows: rows * outputShape.width, columns: bias.count, depth: depth)
            }
        }
        output.add(bias)
        return output
    }

    private func gatherRows(
        _ rows: Range<Int>, _ window: Window, _ outputWidth: Int, fill: [Float], into matrix: inout [Float]
    ) {
        let depth = window.taps * shape.channels
        values.withUnsafeBufferPointer { source in
            matrix.withUnsafeMutableBufferPointer { target in
                fill.withUnsafeBufferPointer { fill in
                    guard let source = source.baseAddress, var target = target.baseAddress,
                        let fill = fill.baseAddress
                    else { return }
                    for y in rows {
                        for x in 0..<outputWidth {
                            Self.gather(source, shape, window, y: y, x: x, fill: fill, into: target)
                            target += depth
                        }
                    }
                }
            }
        }
    }

    /// A depthwise convolution: `weights` is [window row][window column][channel], `bias` and `fill` one value per
    /// channel. The window must fit.
    package func convolvedDepthwise(window: Window, weights: [Float], bias: [Float], fill: [Float]? = nil) -> FloatMap {
        let outputShape = window.output(of: shape, channels: shape.channels)
        let channels = shape.channels
        let padding = fill ?? [Float](repeating: 0, count: channels)
        var seen = [Float](repeating: 0, count: window.taps * channels)
        var output = FloatMap(shape: outputShape)
        values.withUnsafeBufferPointer { source in
            output.values.withUnsafeMutableBufferPointer { target in
                seen.withUnsafeMutableBufferPointer { seen in
                    guard let source = source.baseAddress, var target = target.baseAddress, let seen = seen.baseAddress
                    else { return }
                    for y in 0..<outputShape.height {
                        for x in 0..<outputShape.width {
                            Self.gather(source, shape, window, y: y, x: x, fill: padding, into: seen)
                            for channel in 0..<channels { target[channel] = bias[channel] }
                            for tap in 0..<window.taps {
                                let at = tap * channels
                                weights.withUnsafeBufferPointer { weights in
                                    for channel in 0..<channels {
                                        target[channel] += seen[at + channel] * weights[at + channel]
                                    }
                                }
                            }
                            target += channels
                        }
                    }
                }
            }
        }
        return output
    }
}

extension FeatureMap where Value == Float {
    /// Adds one value per channel to every pixel.
    mutating func add(_ bias: [Float]) {
        let channels = shape.channels
        values.withUnsafeMutableBufferPointer { values in
            bias.withUnsafeBufferPointer { bias in
                for pixel in 0..<shape.pixels {
                    for channel in 0..<channels { values[pixel * channels + channel] += bias[channel] }
                }
            }
        }
    }

    /// Adds another map of the same shape.
    package mutating func add(_ other: FloatMap) {
        precondition(shape == other.shape)
        values.withUnsafeMutableBufferPointer { values in
            other.values.withUnsafeBufferPointer { other in
                for index in values.indices { values[index] += other[index] }
            }
        }
    }

    /// Multiplies and shifts every channel by its own factor and offset.
    package mutating func scale(by factor: [Float], adding offset: [Float]) {
        let channels = shape.channels
        values.withUnsafeMutableBufferPointer { values in
            for pixel in 0..<shape.pixels {
                for channel in 0..<channels {
                    let at = pixel * channels + channel
                    values[at] = values[at] * factor[channel] + offset[channel]
                }
            }
        }
    }

    /// Limits every value to `range`.
    package mutating func clip(to range: ClosedRange<Float>) {
        let lower = range.lowerBound
        let upper = range.upperBound
        values.withUnsafeMutableBufferPointer { values in
            for index in values.indices { values[index] = Swift.min(Swift.max(values[index], lower), upper) }
        }
    }
}
