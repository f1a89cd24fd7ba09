/// All lanes within bounds, by comparing and choosing: the standard library's `clamped` goes lane by lane.
extension SIMD8<Float> {
    @inline(__always)
    func within(_ least: Float, _ most: Float) -> Self {
        let raised = replacing(with: least, where: self .< least)
        return raised.replacing(with: most, where: raised .> most)
    }
}

extension SIMD4<Float> {
    @inline(__always)
    func within(_ least: Float, _ most: Float) -> Self {
        let raised = replacing(with: least, where: self .< least)
        return raised.replacing(with: most, where: raised .> most)
    }

    /// How light a colour is, by the weights of Rec. 601.
    @inline(__always)
    var light: Float { 0.299 * self[0] + 0.587 * self[1] + 0.114 * self[2] }

    /// Red, green and blue as bytes, of 0...255.
    @inline(__always)
    var bytes: (UInt8, UInt8, UInt8) {
        let limited = (self + 0.5).within(0, 255)
        return (UInt8(limited[0]), UInt8(limited[1]), UInt8(limited[2]))
    }
}

/// 0 up to 0, 1 from 1 on, and an S between.
@inline(__always)
func smooth(_ value: Float) -> Float {
    let value = min(max(value, 0), 1)
    return value * value * (3 - 2 * value)
}

extension PenColour {
    /// A colour of 0...1.
    init(_ colour: SIMD4<Float>) {
        let (red, green, blue) = (colour * 255).bytes
        self.init(red: red, green: green, blue: blue)
    }
}
