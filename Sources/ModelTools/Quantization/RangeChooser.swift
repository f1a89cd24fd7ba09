/// Chooses what the 8-bit values of a tensor mean from the real numbers that a layer makes.
struct RangeChooser: Sendable {
    /// Channels of the tensor; the maps may have several blocks of them.
    let channels: Int
    let clip: ClosedRange<Float>?
    /// Whether zero must be an integer, as padding needs it.
    let isPadded: Bool
    /// The smallest scale that each channel may have.
    let smallestScale: [Double]
    let options: QuantizationOptions
    /// Whether all channels must have the same scale.
    var sharesScale = false

    func choose(_ maps: [FloatMap]) -> TensorQuantization {
        let limits = limits(maps)
        let parts = parallelMap(maps.count) { histogramsOf(maps[$0], limits) }
        var histograms = limits.map { Histogram(lower: $0.lower, upper: $0.upper) }
        for part in parts {
            for channel in 0..<channels { histograms[channel].add(part[channel]) }
        }
        let merged = histograms
        // A channel that hardly ever differs from one number on the calibration pictures may do so on others.
        let widest = limits.reduce(0) { max($0, $1.upper - $1.lower) }
        let spare = widest > 0 ? widest / 8 : 1
        var ranges = parallelMap(channels) { channel in
            let isQuiet = limits[channel].upper - limits[channel].lower < 1e-4 * widest || widest == 0
            return quantization(merged[channel], smallestScale: max(smallestScale[channel], isQuiet ? spare / 255 : 0))
        }
        if sharesScale, let largest = ranges.map(\.scale).max() {
            // The upper ends stay where they are: they are what an attention layer looks at.
            for channel in ranges.indices {
                let upper = ranges[channel].scale * (127 - ranges[channel].zeroPoint)
                ranges[channel] = (largest, 127 - upper / largest)
            }
        }
        return TensorQuantization(scale: ranges.map(\.scale), zeroPoint: ranges.map(\.zeroPoint))
    }

    /// The lower end of a clipped tensor, which its lowest level stands for.
    private var floor: Double? {
        clip.flatMap { $0.lowerBound > -.greatestFiniteMagnitude ? Double($0.lowerBound) : nil }
    }

    private struct Limits: Sendable {
        var lower = Double.infinity
        var upper = -Double.infinity
    }

    /// The smallest and largest value of each channel, within the clip range.
    private func limits(_ maps: [FloatMap]) -> [Limits] {
        let parts = parallelMap(maps.count) { index in
            var limits = [Limits](repeating: Limits(), count: channels)
            let map = maps[index]
            for pixel in 0..<map.shape.pixels {
                for channel in 0..<map.shape.channels {
                    let value = Double(clipped(map.values[pixel * map.shape.channels + channel]))
                    let own = channel % channels
                    if value < limits[own].lower { limits[own].lower = value }
                    if value > limits[own].upper { limits[own].upper = value }
                }
            }
            return limits
        }
        var limits = [Limits](repeating: Limits(), count: channels)
        for part in parts {
            for channel in 0..<channels {
                limits[channel].lower = min(limits[channel].lower, part[channel].lower)
                limits[channel].upper = max(limits[channel].upper, part[channel].upper)
            }
        }
        for channel in 0..<channels {
            if let floor {
                limits[channel].lower = floor
                limits[channel].upper = max(limits[channel].upper, floor)
            } else if isPadded {
                limits[channel].lower = min(limits[channel].lower, 0)
                limits[channel].upper = max(limits[channel].upper, 0)
            }
        }
        return limits
    }

    private func clipped(_ value: Float) -> Float {
        guard let clip else { return value }
        return Swift.min(Swift.max(value, clip.lowerBound), clip.upperBound)
    }

    private func histogramsOf(_ map: FloatMap, _ limits: [Limits]) -> [Histogram] {
        var histograms = limits.map { Histogram(lower: $0.lower, upper: $0.upper) }
        for pixel in 0..<map.shape.pixels {
            for channel in 0..<map.shape.channels {
                let value = Double(clipped(map.values[pixel * map.shape.channels + channel]))
                let own = channel % channels
                if let floor, value <= floor {
                    histograms[own].addAtFloor()
                } else {
                    histograms[own].add(value)
                }
            }
        }
        return histograms
    }

    private func quantization(_ histogram: Histogram, smallestScale: Double) -> (scale: Double, zeroPoint: Double) {
        var range = histogram.lower...histogram.upper
        if options.ranges == .leastError {
            range = histogram.bestRange(fixedLower: floor != nil, clippingWeight: options.clippingWeight)
        }
        let scale = max((range.upperBound - range.lowerBound) / 255, smallestScale)
        var zeroPoint = -128 - range.lowerBound / scale
        if isPadded { zeroPoint = max(-128, min(127, zeroPoint.rounded())) }
        return (scale, zeroPoint)
    }
}
