import Imaging

/// How the features of a face look in the photo. Each is a measure of its own, and what is drawn follows it softly.
package struct FaceMeasures: Equatable, Sendable {
    /// The irises' colour, nil when no eye could be looked into.
    package var iris: LabColour?
    /// The lips' colour.
    package var lips: LabColour
    /// The skin of the cheeks.
    package var skin: LabColour
    /// How much of what is between the lips is light and pale, as teeth are and a tongue is not, 0...1.
    package var teeth: Double
    /// How thick the brows are, as part of the face's width: about 0.06, 0.02...0.14.
    package var browThickness: Double
    /// How much darker than the skin the edge of the upper lid is, 0...1.
    package var lashes: Double
    /// Between brow and eye, as part of the face's width: about 0.09.
    package var browGap: Double

    static let unknown = FaceMeasures(
        iris: nil, lips: LabColour(50, 30, 18), skin: LabColour(65, 14, 18), teeth: 0, browThickness: 0.06, lashes: 0.5,
        browGap: 0.087)
}

extension FaceMeasures {
    /// Measures a face.
    init(of face: PenFace, in photo: RGBImage) {
        let glance = Glance(photo: photo)
        self = .unknown
        skin = LabColour.median(Self.cheeks.map { glance[face[$0], 0.012 * face.width] })
        lips = LabColour.median(
            [3, 4, 5, 6, 7, 13, 14, 15, 16, 17].map { index in
                glance[(face[MouthPen.outerLips[index]] + face[MouthPen.innerLips[index]]) / 2, 0.006 * face.width]
            })
        iris = Self.iris(of: face, glance)
        teeth = Self.teeth(of: face, skin: skin, lips: lips, glance)
        browThickness = Self.browThickness(of: face, glance)
        lashes = Self.lashes(of: face, skin: skin, glance)
        browGap = limited(
            face.eyes.map { eye in
                let brow = face.mean(eye.side.brow.lower)
                let lid = eye.upper[2..<7].reduce(PenPoint(0, 0), +) / 5
                return (lid - brow).dot(face.down) / face.width
            }.reduce(0, +) / 2, 0, 0.3)
    }

    private static let cheeks = [50, 280, 205, 425, 101, 330, 117, 346, 36, 266, 187, 411, 151, 9, 108, 337]

    /// The median colour of the lower part of both irises, where lids and lashes throw no shadow.
    private static func iris(of face: PenFace, _ glance: Glance) -> LabColour? {
        var samples: [LabColour] = []
        for eye in face.eyes {
            guard let centre = eye.iris, let radius = eye.irisRadius, radius > 0.8, eye.openness > 0.25 else {
                continue
            }
            var ring: [LabColour] = []
            // The lower half of the circle and a little more to either side.
            for part in [0.5, 0.65, 0.8] {
                for index in -4...36 where index % 2 == 0 {
                    let distance: Double = radius * part
                    let place = Circle.places[(index + 64) % 64] * PenPoint(distance, distance)
                    ring.append(glance[centre + face.across * place.x + face.down * place.y, 0])
                }
            }
            let lightness = ring.map(\.lightness)
            let (low, high) = (percentile(lightness, 0.45), percentile(lightness, 0.85))
            let clear = LabColour.median(ring.filter { $0.lightness >= low && $0.lightness <= high })
            // What surrounds an iris is skin, whose colour a camera spreads.
            samples.append(LabColour(clear.lightness, clear.a - 3, clear.b - 4))
        }
        guard !samples.isEmpty else { return nil }
        let count = Double(samples.count)
        return LabColour(
            samples.map(\.lightness).reduce(0, +) / count, samples.map(\.a).reduce(0, +) / count,
            samples.map(\.b).reduce(0, +) / count)
    }

    private static func teeth(of face: PenFace, skin: LabColour, lips: LabColour, _ glance: Glance) -> Double {
        var samples: [Double] = []
        let redder = max(lips.a - skin.a, 5)
        for (upper, lower) in zip(MouthPen.upperInner, MouthPen.lowerInner).dropFirst(2).dropLast(2) {
            for part in [0.15, 0.3, 0.45, 0.6, 0.75] {
                let colour = glance[mix(face[upper], face[lower], part), 0]
                let light = smooth(colour.lightness, 0.52 * skin.lightness, 0.8 * skin.lightness)
                samples.append(light * (1 - smooth((colour.a - skin.a) / redder, 0.2, 0.9)))
            }
        }
        return samples.reduce(0, +) / Double(max(samples.count, 1))
    }

    /// What is darker than the skin around the brows, by the length of the brows.
    private static func browThickness(of face: PenFace, _ glance: Glance) -> Double {
        var thickness: [Double] = []
        let grain = 0.006 * face.width
        for eye in face.eyes {
            let brow = eye.side.brow
            var columns: [Double] = []
            for step in 1..<12 {
                let part = Double(step) / 12
                let place = part * Double(brow.upper.count - 1)
                let index = min(Int(place), brow.upper.count - 2)
                let top = mix(face[brow.upper[index]], face[brow.upper[index + 1]], place - Double(index))
                let bottom = mix(face[brow.lower[index]], face[brow.lower[index + 1]], place - Double(index))
                let span = (bottom - top) * 3
                let start = top - (bottom - top)
                let lightness = (0...20).map { glance[start + span * (Double($0) / 20), grain].lightness }
                let bright = percentile(lightness, 0.8)
                let dark = lightness.map { smooth((bright - $0) / max(bright, 15), 0.08, 0.28) }
                columns.append(dark.reduce(0, +) / 21 * span.length)
            }
            thickness.append(percentile(columns) / face.width)
        }
        return limited(thickness.reduce(0, +) / 2, 0.02, 0.14)
    }

    private static func lashes(of face: PenFace, skin: LabColour, _ glance: Glance) -> Double {
        var dark: [Double] = []
        for eye in face.eyes where eye.openness > 0.2 {
            for index in 4..<8 {
                let edge = [-0.02, 0, 0.03].map { offset in
                    glance[eye.upper[index] + eye.down * (offset * eye.width), 0].lightness
                }
                let lid = glance[eye.upper[index] - eye.down * (0.16 * eye.width), 0.02 * eye.width].lightness
                dark.append((lid - (edge.min() ?? lid)) / max(skin.lightness, 15))
            }
        }
        return smooth(percentile(dark), 0.1, 0.6)
    }
}

/// Looks at places of a photo.
struct Glance {
    let photo: RGBImage

    /// The mean colour around a place: of the pixels that are at most `radius` away across and down.
    subscript(place: PenPoint, radius: Double) -> LabColour {
        let (x, y) = (limited(place.x, 0, Double(photo.width - 1)), limited(place.y, 0, Double(photo.height - 1)))
        let columns = max(Int(x - radius), 0)...min(Int(x + radius), photo.width - 1)
        let rows = max(Int(y - radius), 0)...min(Int(y + radius), photo.height - 1)
        var (red, green, blue) = (0, 0, 0)
        // Of large areas every second, third ... row and column.
        let step = max(columns.count / 8, 1)
        var count = 0
        for row in stride(from: rows.lowerBound, through: rows.upperBound, by: step) {
            for column in stride(from: columns.lowerBound, through: columns.upperBound, by: step) {
                let pixel = photo[column, row]
                red += Int(pixel.red)
                green += Int(pixel.green)
                blue += Int(pixel.blue)
                count += 1
            }
        }
        func mean(_ sum: Int) -> UInt8 { UInt8((sum + count / 2) / count) }
        return LabColour(PenColour(red: mean(red), green: mean(green), blue: mean(blue)))
    }
}
