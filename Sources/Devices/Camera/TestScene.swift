import Imaging

/// A drawn landscape: sky, sun, hills, a house with a door and windows, and a ball that rolls past.
package enum TestScene {
    /// Draws the scene with the ball at a part of its round, 0 to 1.
    package static func image(width: Int, height: Int, phase: Double) -> RGBImage {
        RGBImage(width: width, height: height) { x, y in
            colour(Double(x) / Double(width), Double(y) / Double(height), Double(width) / Double(height), phase)
        }
    }

    private typealias Colour = (UInt8, UInt8, UInt8)

    /// The colour at a place within 0...1; `aspect` makes circles round.
    private static func colour(_ x: Double, _ y: Double, _ aspect: Double, _ phase: Double) -> Colour {
        let ballX = phase * 1.2 - 0.1
        if isInside(x, y, ballX, 0.86, 0.06, aspect) {
            // Stripes across the ball give edges that show focus and motion.
            return Int((x - ballX + 1) * 60) % 2 == 0 ? (210, 40, 50) : (245, 240, 230)
        }
        if let house = house(x, y) { return house }
        if y > 0.78 + 0.02 * wave(x * 3) { return Int(y * 220) % 3 == 0 ? (70, 130, 60) : (86, 150, 70) }
        if y > 0.6 + 0.08 * wave(x * 1.3 + 0.2) { return (110, 140, 120) }
        if isInside(x, y, 0.8, 0.2, 0.08, aspect) { return (255, 235, 170) }
        return (UInt8(90 + 130 * y), UInt8(150 + 80 * y), 235)
    }

    private static func house(_ x: Double, _ y: Double) -> Colour? {
        if 0.36...0.42 ~= x, 0.64...0.8 ~= y { return (90, 55, 40) }
        if 0.24...0.31 ~= x || 0.46...0.53 ~= x, 0.58...0.68 ~= y { return (60, 80, 120) }
        if 0.2...0.57 ~= x, 0.5...0.8 ~= y { return (225, 205, 175) }
        let roof = (y - 0.34) / 0.16
        if 0...1 ~= roof, abs(x - 0.385) < 0.22 * roof { return (150, 65, 50) }
        return nil
    }

    private static func isInside(
        _ x: Double, _ y: Double, _ centreX: Double, _ centreY: Double, _ radius: Double, _ aspect: Double
    ) -> Bool {
        let (across, down) = ((x - centreX) * aspect, y - centreY)
        return across * across + down * down < radius * radius
    }

    /// A soft wave between -1 and 1 with period 1, without a mathematics library.
    private static func wave(_ x: Double) -> Double {
        let part = x - x.rounded(.down)
        let half = part < 0.5 ? part * 2 : part * 2 - 1
        return (part < 0.5 ? 4 : -4) * half * (1 - half)
    }
}
