/// Picks pixels of a layer's output and gathers what the 8-bit layer sees there and what it should make of it.
struct PixelSampler {
    let layer: Layer
    let input: TensorQuantization
    /// The float layer's result, with its residual.
    let target: FloatMap
    let samples: Int
    let seed: UInt64

    /// `inputs` counts from the zero points; `targets` is without the residual that the 8-bit layer will add.
    func sample(
        _ bytes: ByteMap, residual: ByteMap?, _ residualQuantization: TensorQuantization?
    ) -> (inputs: [Float], targets: [Float]) {
        let channels = layer.channels
        let width = bytes.shape.channels * layer.window.taps
        let pixels = picked(of: target.shape.pixels)
        let fill = input.padding.map { Float($0) }
        let zero = input.zeroPoint.map { Float($0) }
        let residualScale = residualQuantization?.scale.map { Float($0) } ?? []
        let residualZero = residualQuantization?.zeroPoint.map { Float($0) } ?? []
        var inputs = [Float](repeating: 0, count: pixels.count * width)
        var targets = [Float](repeating: 0, count: pixels.count * channels)
        for (index, pixel) in pixels.enumerated() {
            bytes.values.withUnsafeBufferPointer { source in
                inputs.withUnsafeMutableBufferPointer { inputs in
                    guard let source = source.baseAddress, let row = inputs.baseAddress else { return }
                    let vector = row + index * width
                    ByteMap.gather(
                        source, bytes.shape, layer.window, y: pixel / target.shape.width, x: pixel % target.shape.width,
                        fill: fill, into: vector)
                    for element in 0..<width { vector[element] -= zero[element % zero.count] }
                }
            }
            for channel in 0..<channels {
                var wanted = target.values[pixel * channels + channel]
                if let residual {
                    let value = Float(residual.values[pixel * channels + channel])
                    wanted -= residualScale[channel] * (value - residualZero[channel])
                }
                targets[index * channels + channel] = wanted
            }
        }
        return (inputs, targets)
    }

    /// One pixel at random out of each of `samples` equal parts of all pixels; all pixels when there are no more.
    private func picked(of count: Int) -> [Int] {
        guard count > samples else { return Array(0..<count) }
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        return (0..<samples).map { part in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let first = part * count / samples
            let next = (part + 1) * count / samples
            return first + Int(state >> 33) % (next - first)
        }
    }
}
