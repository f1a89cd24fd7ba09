import Glibc

/// Chooses the numbers of a layer without products.
struct PassSolver {
    let layer: Layer
    let input: TensorQuantization
    let residual: TensorQuantization?
    /// Of the tensor that lends its mean and deviation, or its means as factors.
    let reference: TensorQuantization?
    let output: TensorQuantization

    func solve() -> QuantizedPass {
        switch layer.kind {
        case .pointwise(let pointwise): .pointwise(solve(pointwise))
        case .attention(let epsilon): .attention(attention(epsilon))
        case .resize(let resize): .resize(resize)
        case .function(let function): .lookup(table(function))
        case .globalAverage: .globalAverage(average)
        case .channelScale: .channelScale(channelScale(reference ?? input))
        case .maxPool, .convolution, .depthwise: .maxPool(layer.window)
        }
    }

    private func solve(_ pointwise: Pointwise) -> QuantizedPointwise {
        let channels = output.scale.indices
        let unit = output.scale.map { 1 / $0 }
        var scale: [Double]
        var offset: [Double]
        switch pointwise.statistics {
        case nil:
            scale = channels.map { input.scale[$0] * unit[$0] }
            offset = channels.map { -input.zeroPoint[$0] * scale[$0] }
        case .own(let normalization):
            scale = channels.map { Double(normalization.factor[$0]) * unit[$0] }
            offset = channels.map { Double(normalization.offset[$0]) * unit[$0] }
        case .adaptive:
            scale = unit
            offset = channels.map { _ in 0 }
        }
        var post = output.zeroPoint
        var residualScale: [Double] = []
        if let residual {
            residualScale = channels.map { residual.scale[$0] * unit[$0] }
            for channel in channels {
                let correction = residual.zeroPoint[channel] * residualScale[channel]
                if pointwise.residualFirst { offset[channel] -= correction } else { post[channel] -= correction }
            }
        }
        return QuantizedPointwise(
            statistics: pointwise.statistics, scale: scale.map { Float($0) }, offset: offset.map { Float($0) },
            post: post.map { Float($0) }, residualScale: residualScale.map { Float($0) }, slope: pointwise.slope,
            residualFirst: pointwise.residualFirst, input: pointwise.statistics == nil ? nil : input,
            reference: reference)
    }

    private func attention(_ epsilon: Float) -> QuantizedAttention {
        // All channels have one step, so one table serves them; what their zero points differ by drops out when each is
        // divided by its own sum.
        let step = input.scale.first ?? 1
        return QuantizedAttention(
            // What is too small for float32 counts for nothing beside the largest, which is 1.
            powers: (-128...127).map { max(Float(exp(step * Double($0 - 127))), .leastNormalMagnitude) },
            scale: output.scale.map { Float(1 / $0) }, zeroPoint: output.zeroPoint.map { Float($0) },
            epsilon: max(epsilon, 1e-20))
    }

    private var average: QuantizedAverage {
        let scale = zip(input.scale, output.scale).map { $0 / $1 }
        let offset = scale.indices.map { output.zeroPoint[$0] - input.zeroPoint[$0] * scale[$0] }
        return QuantizedAverage(scale: scale.map { Float($0) }, offset: offset.map { Float($0) })
    }

    private func channelScale(_ factors: TensorQuantization) -> QuantizedChannelScale {
        QuantizedChannelScale(
            scale: output.scale.indices.map { Float(input.scale[$0] * factors.scale[$0] / output.scale[$0]) },
            inputZero: input.zeroPoint.map { Float($0) }, factorZero: factors.zeroPoint.map { Float($0) },
            post: output.zeroPoint.map { Float($0) })
    }

    private func table(_ function: Function) -> [Int8] {
        input.scale.indices.flatMap { channel in
            (-128...127).map { value in
                let number = input.scale[channel] * (Double(value) - input.zeroPoint[channel])
                let real = function.value(number, channel: channel)
                let level = real / output.scale[channel] + output.zeroPoint[channel]
                return Int8(min(max(level.rounded(.toNearestOrEven), -128), 127))
            }
        }
    }
}
