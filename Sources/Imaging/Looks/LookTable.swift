/// A look worked out for a grid of 17 x 17 x 17 colours, between which it is interpolated.
///
/// Colours between grid points are mixed from the four corners of the tetrahedron they lie in (Kasson and others,
/// "Performing color space conversions with three-dimensional linear interpolation", 1995), in whole numbers: the same
/// bytes on every processor.
public struct LookTable: Sendable {
    /// Grid points lie at samples 0, 16, ..., 256, one past the largest, so that a sample's upper four bits are its cell
    /// and its lower four its place in it.
    private static let side = 17
    /// Samples times 16, three to a grid point, blue running fastest.
    private let points: [Int32]

    /// Works the look out: 4913 colours, a millisecond or so.
    public init(_ look: Look) {
        self.init { look.grade($0) }
    }

    package init(_ grade: (SIMD3<Float>) -> SIMD3<Float>) {
        let places = 0..<Self.side
        var points: [Int32] = []
        points.reserveCapacity(Self.side * Self.side * Self.side * 3)
        for red in places {
            for green in places {
                for blue in places {
                    let graded = grade(SIMD3(Float(red), Float(green), Float(blue)) * (16 / 255))
                    for channel in 0..<3 {
                        // The points at 256 may be that much above the range, or cells at its end would bend.
                        points.append(Int32((min(max(graded[channel], 0), 256 / 255) * 255 * 16).rounded()))
                    }
                }
            }
        }
        self.points = points
    }

    /// Grades one row.
    ///
    /// - Parameters:
    ///   - row: Packed RGB samples.
    ///   - result: As many; they are replaced.
    public func apply(_ row: Span<UInt8>, to result: inout [UInt8]) {
        precondition(row.count == result.count && row.count % 3 == 0, "a row holds three samples per pixel")
        let points = points.span
        for at in stride(from: 0, to: row.count, by: 3) {
            let (red, green, blue) = (Int(row[at]), Int(row[at + 1]), Int(row[at + 2]))
            let base = ((red >> 4) * Self.side + (green >> 4)) * Self.side + (blue >> 4)
            // The steps to the next grid point, the largest part first.
            var (first, second, third) = (
                Step(part: red & 15, offset: Self.side * Self.side), Step(part: green & 15, offset: Self.side),
                Step(part: blue & 15, offset: 1)
            )
            if first.part < second.part { swap(&first, &second) }
            if second.part < third.part { swap(&second, &third) }
            if first.part < second.part { swap(&first, &second) }
            let corners = (
                3 * base, 3 * (base + first.offset), 3 * (base + first.offset + second.offset),
                3 * (base + first.offset + second.offset + third.offset)
            )
            let weights = (
                Int32(16 - first.part), Int32(first.part - second.part), Int32(second.part - third.part),
                Int32(third.part)
            )
            for channel in 0..<3 {
                let near = weights.0 * points[corners.0 + channel] + weights.1 * points[corners.1 + channel]
                let far = weights.2 * points[corners.2 + channel] + weights.3 * points[corners.3 + channel]
                result[at + channel] = UInt8(min((near + far + 128) >> 8, 255))
            }
        }
    }
}

private struct Step {
    var part: Int
    var offset: Int
}
