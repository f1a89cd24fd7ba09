import Imaging

/// What is worn before the eyes: sunglasses, or the frame of spectacles.
package struct Eyewear: Equatable, Sendable {
    /// How sure it is that these are sunglasses, 0...1.
    package var shades = 0.0
    /// The outlines of their lenses, in pixels of the tile: at the left of a face that looks at us, then at the right.
    var lenses: [[PenPoint]] = []
    /// The colour of the lenses.
    var lensColour = LabColour(20, 0, 0)
    /// How sure it is that there is the frame of spectacles, 0...1.
    package var frame = 0.0
    /// How far it is from the middle of an eye, in parts of the face's width.
    var rim = Rim(inner: 0.125, outer: 0.175, upper: 0.1, lower: 0.125)
    /// The frame's colour.
    var frameColour = LabColour(20, 3, 3)

    struct Rim: Equatable, Sendable {
        var inner: Double
        var outer: Double
        var upper: Double
        var lower: Double
    }

    static let none = Eyewear()
}

extension Eyewear {
    /// Looks for it.
    init(of face: PenFace, in photo: RGBImage) {
        let glance = Glance(photo: photo)
        findShades(face, EyeRegion(face, glance))
        if shades < 1 { findFrame(face, glance) }
    }

    /// Sunglasses: what is around both eyes is as large as a lens and has lost the skin's colour, or is far darker. Skin in the
    /// shade keeps its colour, which a lens does not.
    private mutating func findShades(_ face: PenFace, _ map: EyeRegion) {
        let skin = face.measures.skin
        let foreign = map.colours.map { Self.foreign($0, to: skin) }
        let surroundings = face.eyes.map { Self.surroundings(of: map.place($0.centre)) }
        let darkness =
            surroundings.map { places in
                1 - percentile(places.map { map.colour(at: $0).lightness }, 0.6) / max(skin.lightness, 1)
            }.min() ?? 0
        let dark = smooth(darkness, 0.55, 0.68)
        // Skin that the photo shows white has no colour that could be lost.
        let known = 1 - smooth(skin.lightness, 84, 90) * (1 - smooth(darkness, 0.4, 0.55))
        var areas: [Double] = []
        var outlines: [[PenPoint]] = []
        var inside: [LabColour] = []
        for (eye, sign) in zip(face.eyes, [-1.0, 1]) {
            let centre = map.place(eye.centre)
            let lens = map.region(from: centre) { place, index in
                (foreign[index] > 0.5 || dark > 0 && map.colours[index].lightness < 0.45 * skin.lightness)
                    && abs(place.x - centre.x) < 0.235 && place.x * sign > 0.025 && place.y > -0.2
                    && place.y < 0.3
            }
            areas.append(Double(lens.count) * EyeRegion.step * EyeRegion.step)
            outlines.append(PenCurve.hull(lens.map { map.pixel($0) }))
            inside += lens.map { map.colours[$0] }
        }
        let surrounds = surroundings.map { places in
            min(places.map { map.value(foreign, at: $0) }.reduce(0, +) / Double(places.count) * 1.05, 1)
        }
        let lost = smooth(surrounds.min() ?? 0, 0.83, 0.91) * known
        let sure = max(lost, dark) * smooth(areas.min() ?? 0, 0.018, 0.03)
        shades = sure * smooth(areas.reduce(0, +) / 2, 0.03, 0.042)
        guard shades > 0 else { return }
        let reaches = zip(face.eyes, zip(outlines, [-1.0, 1])).map { eye, lens in
            Circle.places.map { way in
                let way = face.across * (way.x * lens.1) + face.down * way.y
                return Self.reach(from: eye.centre, along: way, to: lens.0)
            }
        }
        // Where one lens runs over into a shadow, the other one tells how far it goes.
        lenses = [0, 1].map { number in
            let places = zip(Circle.places, zip(reaches[number], reaches[1 - number])).map { way, reach in
                let way = face.across * (number == 0 ? -way.x : way.x) + face.down * way.y
                return face.eyes[number].centre + way * min(reach.0, 1.08 * reach.1)
            }
            return PenCurve.rounded(places, count: 96, times: 6)
        }
        lensColour = LabColour.median(inside)
    }

    /// Places below an eye and above it, where a lens is.
    private static func surroundings(of eye: PenPoint) -> [PenPoint] {
        stride(from: -0.07, through: 0.071, by: 0.14 / 6).flatMap { across in
            [0.065, 0.085, 0.105, -0.055].map { eye + PenPoint(across, $0) }
        }
    }

    /// How far it is from a place inside of an outline to its edge.
    private static func reach(from place: PenPoint, along way: PenPoint, to outline: [PenPoint]) -> Double {
        var farthest = 0.0
        for index in outline.indices {
            let (one, two) = (outline[index] - place, outline[(index + 1) % outline.count] - place)
            // Where the edge crosses the way's line.
            let (before, after) = (way.quarterTurn.dot(one), way.quarterTurn.dot(two))
            guard before <= 0 && after > 0 || before > 0 && after <= 0 else { continue }
            farthest = max(farthest, mix(one, two, before / (before - after)).dot(way))
        }
        return farthest
    }

    /// How little a colour is that of skin in any light, 0...1.
    private static func foreign(_ colour: LabColour, to skin: LabColour) -> Double {
        let light = colour.lightness / max(skin.lightness, 1)
        func away(_ part: Double) -> Double { PenPoint(colour.a - skin.a * part, colour.b - skin.b * part).length }
        let darker = (skin.lightness - colour.lightness) / max(0.24 * skin.lightness, 5)
        let other = away(limited(light, 0.3, 1.2)) / 13
        let lost = away(limited(light, 0.1, 1.2)) / (11 * limited(light, 0.45, 1.2) * max(1, skin.chroma / 26))
        return smooth(lost, 0.55, 1) * max(smooth(darker, 0.7, 1.2), smooth(other, 0.9, 1.4))
    }

    /// Spectacles: lines of any tone around both eyes and between them.
    private mutating func findFrame(_ face: PenFace, _ glance: Glance) {
        let lines = SpectacleLines(face, glance)
        frame = smooth(lines.score, -0.5, 0.7) * (1 - shades)
        rim = lines.rim
        if let colour = lines.colour { frameColour = colour }
    }
}
