extension FeatureMap where Value: Comparable {
    /// The largest value of each channel in each place of the window, which must fit; padding holds `lowest`.
    package func maxPooled(_ window: Window, lowest: Value) -> Self {
        let channels = shape.channels
        var output = Self(shape: window.output(of: shape, channels: channels))
        var at = 0
        for y in 0..<output.shape.height {
            for x in 0..<output.shape.width {
                let top = y * window.strideY - window.padding.top
                let left = x * window.strideX - window.padding.left
                let rows = max(0, top)..<max(0, top, min(shape.height, top + window.height))
                let columns = max(0, left)..<max(0, left, min(shape.width, left + window.width))
                for channel in 0..<channels {
                    var largest = lowest
                    for row in rows {
                        for column in columns {
                            largest = max(largest, values[(row * shape.width + column) * channels + channel])
                        }
                    }
                    output.values[at] = largest
                    at += 1
                }
            }
        }
        return output
    }
}

extension FeatureMap where Value == Float {
    /// The mean of each channel over all pixels, as one pixel.
    package func averaged() -> FloatMap {
        FloatMap(
            shape: FeatureShape(height: 1, width: 1, channels: shape.channels),
            values: ChannelMoments(self).mean.map { Float($0) })
    }

    /// Multiplies every pixel by the mean of `factors`, which is one pixel as a rule.
    package mutating func multiply(by factors: FloatMap) {
        scale(by: factors.averaged().values, adding: [Float](repeating: 0, count: shape.channels))
    }

    /// With channels of zeros before and after those that there are.
    package func withChannels(before: Int, after: Int) -> FloatMap {
        let channels = before + shape.channels + after
        var output = FloatMap(shape: FeatureShape(height: shape.height, width: shape.width, channels: channels))
        for pixel in 0..<shape.pixels {
            for channel in 0..<shape.channels {
                output.values[pixel * channels + before + channel] = values[pixel * shape.channels + channel]
            }
        }
        return output
    }
}
