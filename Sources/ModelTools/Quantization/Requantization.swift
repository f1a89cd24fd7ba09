import Glibc

func logarithm10(_ value: Double) -> Double { log10(value) }

extension SolvedLayer {
    /// Per output channel, the real number that a sum of zero stands for: the bias, less what zero points add to the sums.
    func offsets(_ layer: Layer, _ input: TensorQuantization) -> [Double] {
        (0..<layer.channels).map { channel in
            bias[channel] - step[channel] * zeroPointSum(channel, layer, input)
        }
    }

    /// The sum of weights times zero points of output `channel`.
    func zeroPointSum(_ channel: Int, _ layer: Layer, _ input: TensorQuantization) -> Double {
        var sum = 0.0
        for index in 0..<layer.depth {
            if layer.kind == .depthwise {
                sum += Double(weights[index * layer.channels + channel]) * input.zeroPoint[channel]
            } else {
                sum += Double(weights[channel * layer.depth + index]) * input.zeroPoint[index % input.zeroPoint.count]
            }
        }
        return sum
    }
}

extension SolvedLayer {
    /// Gives weights whose steps are lost in those of the result larger steps, so that what is added to their sums fits into
    /// 32 bits: channels that hardly ever differ from one number, beside others that do. Returns whether there were any.
    mutating func coarsen(_ layer: Layer, for output: TensorQuantization) -> Bool {
        var isChanged = false
        for channel in 0..<layer.channels where weighs(channel, layer) {
            let least = 1e-6 * output.scale[channel]
            guard step[channel] < least else { continue }
            for index in 0..<layer.depth {
                let at = layer.kind == .convolution ? channel * layer.depth + index : index * layer.channels + channel
                weights[at] = Int8((Double(weights[at]) * step[channel] / least).rounded())
            }
            step[channel] = least
            isChanged = true
        }
        return isChanged
    }
}

extension QuantizedLayer {
    /// The largest magnitude of a bias that the engine takes.
    static let largestBias = Double(1 << 29)
    /// The largest scale of a residual that the engine takes.
    static let largestResidualScale: Float = 64

    /// Sets bias and scales such that the integers come out as `output` says. `residual` describes the residual tensor, in
    /// blocks of pixels as the layer's channels are.
    mutating func setRequantization(
        _ solved: SolvedLayer, input: TensorQuantization, output: TensorQuantization, residual: TensorQuantization?
    ) throws(ImportError) {
        let output = output.blocked(layer.rowGroups)
        for channel in 0..<layer.channels {
            // A channel without weights is its bias alone: any step will do.
            let weighs = solved.weighs(channel, layer)
            let step = weighs ? solved.step[channel] : output.scale[channel] / 1024
            let ratio = Float(step / output.scale[channel])
            var offset = solved.bias[channel] / step - (weighs ? solved.zeroPointSum(channel, layer, input) : 0)
            offset += output.zeroPoint[channel] / Double(ratio)
            if let residual {
                let addedRatio = Float(residual.scale[channel] / output.scale[channel])
                offset -= residual.zeroPoint[channel] * Double(addedRatio) / Double(ratio)
                residualScale.append(addedRatio)
                guard addedRatio <= Self.largestResidualScale else { throw unfit(channel) }
            }
            guard ratio > 0, ratio <= 1, abs(offset) <= Self.largestBias else { throw unfit(channel) }
            scale.append(ratio)
            bias[channel] = Int32(offset.rounded(.toNearestOrEven))
        }
    }

    /// Sets bias and scales such that sums times scales are the layer's results.
    mutating func setScales(_ solved: SolvedLayer, input: TensorQuantization) throws(ImportError) {
        for channel in 0..<layer.channels {
            let weighs = solved.weighs(channel, layer)
            let step = weighs ? solved.step[channel] : max(abs(solved.bias[channel]), 1e-6) / Double(1 << 20)
            let offset = solved.bias[channel] / step - (weighs ? solved.zeroPointSum(channel, layer, input) : 0)
            guard step > 0, step <= 1e9, abs(offset) <= Self.largestBias else { throw unfit(channel) }
            scale.append(Float(step))
            bias[channel] = Int32(offset.rounded(.toNearestOrEven))
        }
    }

    private func unfit(_ channel: Int) -> ImportError {
        ImportError(
            "layer '\(layer.name)' has a channel (\(channel)) whose weights or results are out of proportion for 8 bits; "
                + "more or other calibration pictures may help")
    }
}

extension SolvedLayer {
    /// Whether a weight of output `channel` is not zero.
    func weighs(_ channel: Int, _ layer: Layer) -> Bool {
        (0..<layer.depth).contains { index in
            weights[layer.kind == .convolution ? channel * layer.depth + index : index * layer.channels + channel] != 0
        }
    }
}
