import TestSupport

/// Bias and scales of one layer, a multiple of 16 entries each, for signed storage.
struct Requantization {
    var bias: [Int32]
    var scale: [Float]
    var residualScale: [Float]

    enum Style: CaseIterable {
        /// Most outputs inside the range, as in a trained network.
        case ordinary
        /// Every output at one end of the range.
        case saturating
        /// Powers of two, so that half of all outputs lie exactly between two integers.
        case ties
        /// Scales that make everything vanish, and residual scales up to the limit.
        case extreme
    }

    /// Draws entries for accumulators that sum `products` products each.
    init(channels: Int, products: Int, style: Style, using random: inout SplitMix) {
        let entries = (channels + 15) / 16 * 16
        bias = [Int32](repeating: 0, count: entries)
        scale = [Float](repeating: 0, count: entries)
        residualScale = [Float](repeating: 0, count: entries)
        for channel in 0..<channels {
            switch style {
            case .ordinary:
                bias[channel] = Int32(random.int(in: -20_000...20_000))
                scale[channel] = random.float(in: 0.001...0.02) / Float(products).squareRoot()
                residualScale[channel] = random.float(in: 0...2)
            case .saturating:
                bias[channel] = Int32(random.int(in: -(1 << 29)...(1 << 29)))
                scale[channel] = 1
                residualScale[channel] = 1
            case .ties:
                bias[channel] = Int32(random.int(in: -100...100))
                scale[channel] = random.element(of: [0.5, 0.25, 0.125])
                residualScale[channel] = random.element(of: [0.5, 1.5])
            case .extreme:
                bias[channel] = Int32(random.int(in: -100...100))
                scale[channel] = random.element(of: [0, .leastNormalMagnitude, .leastNonzeroMagnitude, 1e-9, 1])
                residualScale[channel] = random.element(of: [0, .leastNormalMagnitude, 1, 64])
            }
        }
    }

    /// The bias for storage XORed with `flip`, given the sum of the weights of each channel.
    func bias(flip: UInt8, weightSums: [Int32]) -> [Int32] {
        guard flip == 0x80 else { return bias }
        return zip(bias, weightSums).map { $0 - 128 * $1 }
    }
}

/// How the bytes of a case are drawn.
enum Magnitude: CaseIterable {
    case any
    case extreme
    case small

    func activation(using random: inout SplitMix) -> Int8 {
        switch self {
        case .any: Int8(truncatingIfNeeded: random.next())
        case .extreme: random.element(of: [-128, 127])
        case .small: Int8(random.int(in: -3...3))
        }
    }

    func weight(using random: inout SplitMix) -> Int8 {
        switch self {
        case .any: Int8(random.int(in: -127...127))
        case .extreme: random.element(of: [-127, 127])
        case .small: Int8(random.int(in: -2...2))
        }
    }
}
