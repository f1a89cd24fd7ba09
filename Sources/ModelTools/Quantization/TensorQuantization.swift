/// What the 8-bit values of a tensor mean: in channel c, value q stands for `scale[c]` * (q - `zeroPoint[c]`).
package struct TensorQuantization: Sendable {
    package var scale: [Double]
    /// Whole numbers in [-128, 127] where the tensor is padded; any number elsewhere, as zero points only enter biases.
    package var zeroPoint: [Double]

    package init(scale: [Double], zeroPoint: [Double]) {
        self.scale = scale
        self.zeroPoint = zeroPoint
    }

    /// The picture: sample - 128 stands for sample / 127.5 - 1.
    package static let picture = TensorQuantization(
        scale: [Double](repeating: 1 / 127.5, count: 3), zeroPoint: [Double](repeating: -0.5, count: 3))

    /// All channels over one range, or more where a scale must be larger.
    static func even(
        _ range: ClosedRange<Double>, channels: Int, smallestScale: [Double]? = nil
    ) -> TensorQuantization {
        let scale = (0..<channels).map { channel in
            max((range.upperBound - range.lowerBound) / 255, smallestScale?[channel] ?? 0)
        }
        let middle = (range.lowerBound + range.upperBound) / 2
        return TensorQuantization(scale: scale, zeroPoint: scale.map { -0.5 - middle / $0 })
    }

    /// What padding is filled with: the integer that is nearest to zero's place.
    package var padding: [Int8] {
        zeroPoint.map { Int8(max(-128, min(127, $0.rounded(.towardZero)))) }
    }

    /// The smallest and largest real number of each channel.
    package var limits: [ClosedRange<Double>] {
        zip(scale, zeroPoint).map { scale, zero in (scale * (-128 - zero))...(scale * (127 - zero)) }
    }

    /// The real numbers of `map`.
    package func real(_ map: ByteMap) -> FloatMap {
        let channels = map.shape.channels
        let factor = scale.map { Float($0) }
        let offset = zip(scale, zeroPoint).map { Float(-$0 * $1) }
        var result = FloatMap(shape: map.shape)
        result.values.withUnsafeMutableBufferPointer { target in
            map.values.withUnsafeBufferPointer { source in
                for pixel in 0..<map.shape.pixels {
                    for channel in 0..<channels {
                        let at = pixel * channels + channel
                        target[at] = Float(source[at]) * factor[channel] + offset[channel]
                    }
                }
            }
        }
        return result
    }

    /// The quantization of a tensor whose blocks of `block` x `block` pixels are seen as one pixel's channels.
    func blocked(_ block: Int) -> TensorQuantization {
        let area = block * block
        return TensorQuantization(
            scale: (0..<area).flatMap { _ in scale }, zeroPoint: (0..<area).flatMap { _ in zeroPoint })
    }
}
