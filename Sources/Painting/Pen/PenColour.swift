/// A colour of sRGB.
package struct PenColour: Equatable, Sendable {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// White that is not brighter than `level`, 0...1.
    package init(white level: Double) {
        let value = UInt8(limited(level * 255 + 0.5, 0, 255))
        self.init(red: value, green: value, blue: value)
    }

    /// The colour with every sample `factor` times as bright.
    func brightened(_ factor: Double) -> PenColour {
        func sample(_ value: UInt8) -> UInt8 { UInt8(limited(Double(value) * factor + 0.5, 0, 255)) }
        return PenColour(red: sample(red), green: sample(green), blue: sample(blue))
    }

    /// `part` of the way to `other`, 0...1.
    func mixed(with other: PenColour, _ part: Double) -> PenColour {
        func sample(_ one: UInt8, _ two: UInt8) -> UInt8 {
            UInt8(limited(mix(Double(one), Double(two), part) + 0.5, 0, 255))
        }
        return PenColour(
            red: sample(red, other.red), green: sample(green, other.green), blue: sample(blue, other.blue))
    }
}

/// A colour as people see it: CIE 1976 L*a*b* under D65 (ISO/CIE 11664-4).
///
/// All arithmetic is that of IEEE 754, so each processor gets the same: the powers that sRGB (IEC 61966-2-1) and CIELAB need
/// are made of cube, fifth and square roots.
package struct LabColour: Equatable, Sendable {
    /// 0, black, to 100, white.
    package var lightness: Double
    /// To green below 0, to red above.
    package var a: Double
    /// To blue below 0, to yellow above.
    package var b: Double

    package init(_ lightness: Double, _ a: Double, _ b: Double) {
        self.lightness = lightness
        self.a = a
        self.b = b
    }

    /// How colourful it is.
    package var chroma: Double { (a * a + b * b).squareRoot() }

    /// The colour of an RGB pixel.
    package init(_ colour: PenColour) {
        let red = Self.linear[Int(colour.red)]
        let green = Self.linear[Int(colour.green)]
        let blue = Self.linear[Int(colour.blue)]
        let x = Self.bent((0.412_453 * red + 0.357_580 * green + 0.180_423 * blue) / Self.white.x)
        let y = Self.bent(0.212_671 * red + 0.715_160 * green + 0.072_169 * blue)
        let z = Self.bent((0.019_334 * red + 0.119_193 * green + 0.950_227 * blue) / Self.white.z)
        self.init(116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    /// The nearest colour that sRGB has, sample by sample.
    package var colour: PenColour {
        let middle = (lightness + 16) / 116
        let x = Self.straightened(middle + a / 500) * Self.white.x
        let y = Self.straightened(middle)
        let z = Self.straightened(middle - b / 200) * Self.white.z
        return PenColour(
            red: Self.sample(3.240_479 * x - 1.537_150 * y - 0.498_535 * z),
            green: Self.sample(-0.969_256 * x + 1.875_991 * y + 0.041_556 * z),
            blue: Self.sample(0.055_648 * x - 0.204_043 * y + 1.057_311 * z))
    }

    /// `part` of the way to `other`.
    func mixed(with other: LabColour, _ part: Double) -> LabColour {
        LabColour(mix(lightness, other.lightness, part), mix(a, other.a, part), mix(b, other.b, part))
    }

    /// The median of each coordinate.
    static func median(_ colours: [LabColour]) -> LabColour {
        LabColour(
            percentile(colours.map(\.lightness)), percentile(colours.map(\.a)), percentile(colours.map(\.b)))
    }

    private static let white = (x: 0.950_456, z: 1.088_754)

    /// Light, 0...1, by sample of sRGB.
    private static let linear: [Double] = (0..<256).map { index in
        let value = Double(index) / 255
        guard value > 0.040_45 else { return value / 12.92 }
        // To the power of 2.4: the square, and the square of the fifth root.
        let base = (value + 0.055) / 1.055
        let fifth = root(base, 5)
        return base * base * fifth * fifth
    }

    /// A sample of sRGB by light.
    private static func sample(_ light: Double) -> UInt8 {
        let light = limited(light, 0, 1)
        guard light > 0.003_130_8 else { return UInt8(light * 12.92 * 255 + 0.5) }
        // To the power of 1 / 2.4: the twelfth root, to the power of 5.
        let twelfth = root(light, 3).squareRoot().squareRoot()
        let square = twelfth * twelfth
        return UInt8(limited((1.055 * square * square * twelfth - 0.055) * 255 + 0.5, 0, 255))
    }

    private static func bent(_ light: Double) -> Double {
        let place = limited(light, 0, 1) * 4096
        let below = min(Int(place), 4095)
        return mix(bends[below], bends[below + 1], place - Double(below))
    }

    /// What CIELAB makes of light: between 4096 steps, straight lines are off by less than 0.001 of L*.
    private static let bends: [Double] = (0...4096).map { index in
        let light = Double(index) / 4096
        return light > 0.008_856 ? root(light, 3) : 7.787 * light + 16.0 / 116
    }

    private static func straightened(_ value: Double) -> Double {
        value > 0.206_893 ? value * value * value : (value - 16.0 / 116) / 7.787
    }

    /// The root of `value`, 0.001...1.5, by Newton's method from above.
    static func root(_ value: Double, _ degree: Int) -> Double {
        let degree = Double(degree)
        var root = (value + degree - 1) / degree
        for _ in 0..<14 {
            let power = degree == 3 ? root * root : root * root * root * root
            root -= (root - value / power) / degree
        }
        return root
    }
}
