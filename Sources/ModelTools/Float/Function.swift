import Glibc

/// A function of every number by itself.
package enum Function: Sendable, Equatable, CustomStringConvertible {
    case tanh
    /// 1 / (1 + exp(-x))
    case sigmoid
    /// x * min(max(x + 3, 0), 6) / 6
    case hardSwish
    /// Negative numbers times a slope of the channel (PReLU, He et al. 2015).
    case slopes([Float])

    /// The result for `x` in a channel.
    package func value(_ x: Float, channel: Int) -> Float {
        switch self {
        case .tanh: Glibc.tanh(x)
        case .sigmoid: 1 / (1 + exp(-x))
        case .hardSwish: x * min(max(x + 3, 0), 6) / 6
        case .slopes(let slopes): x < 0 ? x * slopes[channel] : x
        }
    }

    /// The same for a double.
    package func value(_ x: Double, channel: Int) -> Double {
        switch self {
        case .tanh: Glibc.tanh(x)
        case .sigmoid: 1 / (1 + exp(-x))
        case .hardSwish: x * min(max(x + 3, 0), 6) / 6
        case .slopes(let slopes): x < 0 ? x * Double(slopes[channel]) : x
        }
    }

    package var description: String {
        switch self {
        case .tanh: "tanh"
        case .sigmoid: "sigmoid"
        case .hardSwish: "hard-swish"
        case .slopes: "PReLU"
        }
    }
}
