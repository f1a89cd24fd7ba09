/// What a tensor of an ONNX graph that depends on the picture is.
///
/// Normalizations come written out as means, differences, squares, roots and quotients, in an order that every exporter
/// chooses anew. These are followed as algebra: each step is one of the forms below, and only what is complete becomes an
/// operation of the network.
enum OnnxForm: Hashable, Sendable {
    typealias Scope = Normalization.Scope

    /// A value of the network.
    case value(Int)
    /// A value with a border around it, which only a convolution can read.
    case padded(Int, Padding, Border)
    /// mean(v)
    case mean(Int, Scope)
    /// variance(v) + epsilon
    case variance(Int, Scope, epsilon: Float)
    /// sqrt(variance(v) + epsilon)
    case deviation(Int, Scope, epsilon: Float)
    /// 1 / sqrt(variance(v) + epsilon)
    case inverseDeviation(Int, Scope, epsilon: Float)
    case centred(Centred)
    /// (v - mean(v)) squared
    case squared(Int, Scope)
    /// The softmax of every channel over the pixels.
    case softmax(Int)
    /// The sum of its channels, plus epsilon.
    case softmaxSum(Int, epsilon: Float)

    /// v - mean(v), which may be divided by the deviation of v and multiplied by the deviation of another value.
    struct Centred: Hashable, Sendable {
        var value: Int
        var scope: Scope
        /// The epsilon of the deviation it is divided by.
        var divisor: Float?
        /// The value whose deviation it is multiplied by.
        var model: Int?
        /// The epsilon of that deviation.
        var modelEpsilon: Float = 0

        var isPlain: Bool { divisor == nil && model == nil }
    }

    /// What it is, for errors.
    var description: String {
        switch self {
        case .value: "a feature map"
        case .padded: "a padded feature map"
        case .mean: "a mean"
        case .variance: "a variance"
        case .deviation: "a deviation"
        case .inverseDeviation: "the inverse of a deviation"
        case .centred: "a difference from a mean"
        case .squared: "a squared difference from a mean"
        case .softmax: "a softmax"
        case .softmaxSum: "the sum of a softmax"
        }
    }
}

/// A tensor that depends on the picture: what it is, and what its dimensions are.
struct OnnxArray: Hashable, Sendable {
    var form: OnnxForm
    var layout: OnnxLayout
}

/// What two forms make together.
enum OnnxCombination {
    case form(OnnxForm)
    /// An operation on values of the network.
    case operation(Operation, [Int])
}

extension OnnxForm {
    /// What the operator Add, Sub, Mul or Div makes of two forms; nil when that is nothing known.
    static func combined(_ type: String, _ left: OnnxForm, _ right: OnnxForm) -> OnnxCombination? {
        switch type {
        case "Sub":
            guard case .value(let value) = left, case .mean(value, let scope) = right else { return nil }
            return .form(.centred(Centred(value: value, scope: scope)))
        case "Div":
            if case .softmax(let value) = left, case .softmaxSum(value, let epsilon) = right {
                return .operation(.pixelAttention(epsilon: epsilon), [value])
            }
            guard case .centred(var centred) = left, case .deviation(centred.value, centred.scope, let epsilon) = right,
                centred.divisor == nil
            else { return nil }
            centred.divisor = epsilon
            return .form(.centred(centred))
        case "Mul": return multiplied(left, right) ?? multiplied(right, left)
        case "Add": return added(left, right) ?? added(right, left)
        default: return nil
        }
    }

    private static func multiplied(_ left: OnnxForm, _ right: OnnxForm) -> OnnxCombination? {
        guard case .centred(var centred) = left else { return nil }
        switch right {
        case .centred(centred) where centred.isPlain:
            return .form(.squared(centred.value, centred.scope))
        case .inverseDeviation(centred.value, centred.scope, let epsilon) where centred.divisor == nil:
            centred.divisor = epsilon
            return .form(.centred(centred))
        case .deviation(let model, .instance, let epsilon)
        where centred.scope == .instance && centred.model == nil && model != centred.value:
            centred.model = model
            centred.modelEpsilon = epsilon
            return .form(.centred(centred))
        default:
            return nil
        }
    }

    private static func added(_ left: OnnxForm, _ right: OnnxForm) -> OnnxCombination? {
        // The executor and the engine have one epsilon for both deviations.
        guard case .centred(let centred) = left, let model = centred.model, case .mean(model, .instance) = right,
            let epsilon = centred.divisor, epsilon == centred.modelEpsilon
        else { return nil }
        return .operation(.adaptiveNormalize(epsilon: epsilon), [centred.value, model])
    }

    /// The mean over what `scope` says.
    func averaged(_ scope: Scope) -> OnnxForm? {
        switch self {
        case .value(let value): .mean(value, scope)
        case .squared(let value, scope): .variance(value, scope, epsilon: 0)
        default: nil
        }
    }

    /// Plus a constant that is the same everywhere.
    func adding(_ constant: Float) -> OnnxForm? {
        guard constant >= 0 else { return nil }
        return switch self {
        case .variance(let value, let scope, let epsilon): .variance(value, scope, epsilon: epsilon + constant)
        case .softmaxSum(let value, let epsilon): .softmaxSum(value, epsilon: epsilon + constant)
        default: nil
        }
    }

    var squareRoot: OnnxForm? {
        guard case .variance(let value, let scope, let epsilon) = self else { return nil }
        return .deviation(value, scope, epsilon: epsilon)
    }

    var reciprocal: OnnxForm? {
        switch self {
        case .deviation(let value, let scope, let epsilon): .inverseDeviation(value, scope, epsilon: epsilon)
        case .inverseDeviation(let value, let scope, let epsilon): .deviation(value, scope, epsilon: epsilon)
        default: nil
        }
    }
}

extension OnnxForm {
    /// The value of the network whose shape the dimensions of a tensor of this form are taken from.
    var shapeSource: Int {
        switch self {
        case .value(let value), .padded(let value, _, _), .mean(let value, _), .variance(let value, _, _),
            .deviation(let value, _, _), .inverseDeviation(let value, _, _), .squared(let value, _),
            .softmax(let value), .softmaxSum(let value, _):
            value
        case .centred(let centred): centred.value
        }
    }

    var isPadded: Bool { if case .padded = self { true } else { false } }
}
