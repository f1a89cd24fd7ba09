/// Integer weights and real biases of one layer.
struct SolvedLayer: Sendable {
    /// In the order of `Layer.weights`.
    var weights: [Int8]
    /// Per output channel, the real number that one step of a weight times one step of its input stands for.
    var step: [Double]
    /// Per output channel, in real numbers, with respect to inputs counted from their zero points.
    var bias: [Double]
}

/// Turns one layer's float weights into integers.
struct LayerSolver: Sendable {
    let layer: Layer
    let input: TensorQuantization
    let options: QuantizationOptions

    /// The float weights of output `channel`, in units of its inputs' steps.
    func foldedWeights(_ channel: Int) -> [Double] {
        let depth = layer.depth
        if layer.kind == .depthwise {
            return (0..<depth).map { Double(layer.weights[$0 * layer.channels + channel]) * input.scale[channel] }
        }
        let inputs = input.scale.count
        return (0..<depth).map { Double(layer.weights[channel * depth + $0]) * input.scale[$0 % inputs] }
    }

    /// For each element of the window, the set of elements that a 16-bit kernel adds up before it widens, or nil when any
    /// weights will do.
    var laneSets: [Int]? {
        guard layer.kind == .convolution, options.laneProducts > 2 else { return nil }
        let run = layer.window.width * input.scale.count
        // Four K groups of four bytes: one set per byte position, or per pair of positions.
        let setsPerRun = 16 / options.laneProducts
        let setsPerRow = (run + 15) / 16 * setsPerRun
        return (0..<layer.depth).map { index in
            let element = index % run
            return index / run * setsPerRow + element / 16 * setsPerRun + element % 4 * setsPerRun / 4
        }
    }

    /// Solves all output channels.
    func solve(_ moments: LayerMoments) throws(ImportError) -> SolvedLayer {
        let shared = moments.grams == 1 ? rounding(moments, 0) : nil
        if moments.grams == 1, shared == nil { throw singular }
        let solved = parallelMap(layer.channels) { channel -> (WeightRounding.Result, Double)? in
            guard let rounding = shared ?? rounding(moments, channel) else { return nil }
            return solve(channel, moments, rounding)
        }
        var result = SolvedLayer(
            weights: [Int8](repeating: 0, count: layer.weights.count), step: [], bias: [])
        for (channel, pair) in solved.enumerated() {
            guard let (rounded, bias) = pair else { throw singular }
            for (index, integer) in rounded.integers.enumerated() {
                let at = layer.kind == .convolution ? channel * layer.depth + index : index * layer.channels + channel
                result.weights[at] = integer
            }
            result.step.append(rounded.step)
            result.bias.append(bias)
        }
        return result
    }

    private var singular: ImportError {
        ImportError("layer '\(layer.name)' sees inputs that are not numbers on the calibration pictures")
    }

    /// The rounding problem of `channel`: the covariance of its inputs, made definite by the damping.
    private func rounding(_ moments: LayerMoments, _ channel: Int) -> WeightRounding? {
        let depth = layer.depth
        let covariance = moments.covariance(channel)
        // The moments are float32 sums: what they cannot resolve must not look like a direction without variance.
        let mean = moments.inputMean(channel)
        var power = 0.0
        for index in 0..<depth { power += covariance[index * depth + index] + mean[index] * mean[index] }
        var floor = 1e-6 * power / Double(depth) + 1e-9
        for _ in 0..<8 {
            var metric = covariance
            for index in 0..<depth {
                metric[index * depth + index] *= 1 + options.refitDamping
                metric[index * depth + index] += floor
            }
            if let rounding = WeightRounding(metric: metric, size: depth, laneSets: laneSets) { return rounding }
            floor *= 10
        }
        return nil
    }

    private func solve(_ channel: Int, _ moments: LayerMoments, _ rounding: WeightRounding) -> (
        WeightRounding.Result, Double
    ) {
        var weights = foldedWeights(channel)
        let original = weights
        // Without weights, or with some whose steps are too small to count the bias in, a channel is its bias alone.
        let largest = original.reduce(0) { max($0, abs($1)) }
        let hasWeights = largest > 1e-6 * max(abs(moments.targetMean(channel)), 1e-3)
        if !hasWeights { weights = [Double](repeating: 0, count: weights.count) }
        if options.refitsWeights, hasWeights {
            // What the original weights leave of the target, explained by the inputs as far as the damping allows.
            let covariance = moments.covariance(channel)
            var left = moments.crossCovariance(channel)
            for row in left.indices {
                for column in left.indices { left[row] -= covariance[row * left.count + column] * original[column] }
            }
            for (index, change) in rounding.factor.solve(left).enumerated() { weights[index] += change }
        }
        let rounded =
            switch options.rounding {
            case .compensated: rounding.round(weights)
            case .nearest: nearest(weights)
            }
        guard options.correctsBias else { return (rounded, Double(layer.bias[channel])) }
        var bias = moments.targetMean(channel)
        for (mean, integer) in zip(moments.inputMean(channel), rounded.integers) {
            bias -= mean * Double(integer) * rounded.step
        }
        return (rounded, bias)
    }

    private func nearest(_ weights: [Double]) -> WeightRounding.Result {
        let largest = weights.reduce(0) { max($0, abs($1)) }
        let step = largest > 0 ? largest / 127 : 1
        return WeightRounding.Result(integers: weights.map { Int8(($0 / step).rounded()) }, step: step, error: 0)
    }
}
