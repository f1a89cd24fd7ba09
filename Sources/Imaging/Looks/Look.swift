/// A colour grade that goes on top of any style.
public enum Look: String, CaseIterable, Sendable {
    /// Soft contrast, yellowish greens, clear light blues, warm light: a summer meadow.
    case meadow
    /// Strong colours, deep blues in the shade, a warm glow in the light: a wide evening sky.
    case sky
    /// Violet shade, magenta and cyan light: a street of signs at night.
    case neon

    /// What people read in a list.
    public var title: String {
        switch self {
        case .meadow: "Meadow: soft greens, light blue skies, warm light"
        case .sky: "Sky: vivid colours, blue shade, glowing light"
        case .neon: "Neon: violet shade, magenta and cyan light"
        }
    }

    /// Grades one colour, in gamma-encoded sRGB, 0...1. Only additions, multiplications and comparisons, so that all
    /// processors make the same numbers.
    package func grade(_ colour: SIMD3<Float>) -> SIMD3<Float> {
        switch self {
        case .meadow: meadowGrade(colour)
        case .sky: skyGrade(colour)
        case .neon: neonGrade(colour)
        }
    }
}

private func meadowGrade(_ colour: SIMD3<Float>) -> SIMD3<Float> {
    var result = saturated(colour, by: 0.94)
    let green = max(0, result.y - max(result.x, result.z))
    let blue = max(0, result.z - max(result.x, result.y))
    result += green * SIMD3(0.35, 0.05, 0.12) + blue * SIMD3(-0.05, 0.32, 0.04)
    let light = smooth(luma(result))
    return 0.04 + 0.95 * result + light * SIMD3(0.03, 0.012, -0.035)
}

private func skyGrade(_ colour: SIMD3<Float>) -> SIMD3<Float> {
    var result = saturated(contrasted(colour, by: 0.35), by: 1.28)
    let blue = max(0, result.z - max(result.x, result.y))
    result += blue * SIMD3(-0.04, 0.06, 0.14)
    let light = smooth(luma(result))
    let glow = smooth(2 * luma(result) - 1)
    return result + (1 - light) * SIMD3(-0.005, 0.005, 0.06) + glow * SIMD3(0.06, 0.02, -0.02)
}

private func neonGrade(_ colour: SIMD3<Float>) -> SIMD3<Float> {
    var result = saturated(contrasted(colour, by: 0.55), by: 1.15)
    let warm = max(0, result.x - result.z)
    let cool = max(0, result.z - result.x)
    result += warm * SIMD3(0.05, -0.18, 0.5) + cool * SIMD3(-0.15, 0.28, 0.1)
    let shade = 0.4 * (1 - smooth(1.4 * luma(result)))
    return (1 - shade) * result + shade * SIMD3(0.12, 0.03, 0.34)
}

/// The weights of Rec. 601.
private func luma(_ colour: SIMD3<Float>) -> Float { 0.299 * colour.x + 0.587 * colour.y + 0.114 * colour.z }

private func saturated(_ colour: SIMD3<Float>, by factor: Float) -> SIMD3<Float> {
    let grey = SIMD3(repeating: luma(colour))
    return grey + factor * (colour - grey)
}

private func contrasted(_ colour: SIMD3<Float>, by amount: Float) -> SIMD3<Float> {
    let curved = SIMD3(smooth(colour.x), smooth(colour.y), smooth(colour.z))
    return colour + amount * (curved - colour)
}

/// 0 up to 0, 1 from 1 on, and an S between.
private func smooth(_ value: Float) -> Float {
    let value = min(max(value, 0), 1)
    return value * value * (3 - 2 * value)
}
