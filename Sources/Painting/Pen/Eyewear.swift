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
        let map = EyeRegion(face, Glance(photo: photo))
        findShades(face, map)
        if shades < 1 { findFrame(face, map) }
    }

    /// Sunglasses: what is around both eyes is as large as a lens and has lost the skin's colour. Skin in the shade keeps it,
    /// which a lens does not.
    private mutating func findShades(_ face: PenFace, _ map: EyeRegion) {
        let skin = face.measures.skin
        let foreign = map.colours.map { Self.foreign($0, to: skin) }
        var (surrounds, areas): ([Double], [Double]) = ([], [])
        var outlines: [[PenPoint]] = []
        var inside: [LabColour] = []
        for (eye, sign) in zip(face.eyes, [-1.0, 1]) {
            let centre = map.place(eye.centre)
            var around: [Double] = []
            for across in stride(from: -0.07, through: 0.071, by: 0.14 / 6) {
                for down in [0.065, 0.085, 0.105, -0.055] {
                    around.append(map.value(foreign, at: centre + PenPoint(across, down)))
                }
            }
            surrounds.append(min(around.reduce(0, +) / Double(around.count) * 1.05, 1))
            let lens = map.region(from: centre) { place, index in
                foreign[index] > 0.5 && abs(place.x - centre.x) < 0.235 && place.x * sign > 0.025 && place.y > -0.2
                    && place.y < 0.3
            }
            areas.append(Double(lens.count) * EyeRegion.step * EyeRegion.step)
            outlines.append(PenCurve.hull(lens.map { map.pixel($0) }))
            inside += lens.map { map.colours[$0] }
        }
        let sure = smooth(surrounds.min() ?? 0, 0.83, 0.91) * smooth(areas.min() ?? 0, 0.018, 0.03)
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

    /// Spectacles: thin dark lines, both between the eyes and below them, on a face that is smooth elsewhere.
    private mutating func findFrame(_ face: PenFace, _ map: EyeRegion) {
        let lines = map.darkLines()
        let tall = face.height / face.width
        func values(_ isCounted: (PenPoint) -> Bool) -> [Double] {
            lines.indices.filter { isCounted(map.place($0)) }.map { lines[$0] }
        }
        var columns: [Double] = []
        for column in -3...3 {
            let middle = Double(column) * 0.055 / 3
            columns.append(
                values { abs($0.x - middle) < 0.01 && $0.y > -0.11 * tall && $0.y < 0.06 * tall }.max() ?? 0)
        }
        let bridge = columns.reduce(0, +) / Double(columns.count)
        let below = [-1.0, 1].map { sign in
            percentile(values { abs($0.x - sign * 0.22) < 0.1 && $0.y > 0.06 * tall && $0.y < 0.22 * tall }, 0.9)
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
        // Wrinkles on forehead and cheeks make lines below eyes, too.
        let forehead = mean(values { abs($0.x) < 0.3 && $0.y > -0.36 * tall && $0.y < -0.19 * tall })
        let cheeks = mean(values { abs(abs($0.x) - 0.2) < 0.12 && $0.y > 0.2 * tall && $0.y < 0.32 * tall })
        let wrinkles = (forehead * cheeks).squareRoot()
        frame =
            smooth(bridge * (below.min() ?? 0), 0.06, 0.22) * smooth(bridge, 0.42, 0.68)
            * (1 - smooth(wrinkles, 0.05, 0.14)) * (1 - shades)
        if frame > 0 { fitRim(face, map, lines) }
    }

    /// Finds how far the rims are from the eyes: where lines are darkest, near where rims mostly are; the same for both.
    private mutating func fitRim(_ face: PenFace, _ map: EyeRegion, _ lines: [Double]) {
        var found = [(sum: Double, weight: Double)](repeating: (0, 0), count: 3)
        var colours: [LabColour] = []
        var evidence = 0.0
        for (eye, sign) in zip(face.eyes, [-1.0, 1]) {
            let centre = map.place(eye.centre)
            func look(
                _ number: Int, _ way: PenPoint, _ aside: PenPoint, _ range: ClosedRange<Double>, usual: Double,
                spread: Double
            ) {
                var best = (score: -1.0, distance: usual, value: 0.0, places: [PenPoint]())
                for step in 0..<28 {
                    let distance = mix(range.lowerBound, range.upperBound, Double(step) / 27)
                    let places = (-4...4).map { centre + way * distance + aside * (Double($0) / 4 * spread) }
                    let value = places.map { map.value(lines, at: $0) }.reduce(0, +) / 9
                    let off = (distance - usual) / (0.6 * (range.upperBound - range.lowerBound))
                    let score = value * max(1 - 0.6 * off * off, 0)
                    if score > best.score { best = (score, distance, value, places) }
                }
                found[number].sum += best.distance * (best.value + 0.05)
                found[number].weight += best.value + 0.05
                evidence += best.value / 6
                colours += best.places.filter { map.value(lines, at: $0) > 0.3 }.map { map.colour(at: $0) }
            }
            look(0, PenPoint(-sign, 0), PenPoint(0, 1), 0.095...0.165, usual: 0.125, spread: 0.03)
            look(1, PenPoint(sign, 0), PenPoint(0, 1), 0.135...0.23, usual: 0.175, spread: 0.035)
            look(2, PenPoint(0, 1), PenPoint(1, 0), 0.085...0.21, usual: 0.125, spread: 0.07)
        }
        // Smiles and shadows make some of the lines; a frame makes most of them.
        frame *= smooth(evidence, 0.46, 0.58)
        let distances = found.map { $0.sum / $0.weight }
        rim = Rim(
            inner: distances[0], outer: distances[1], upper: limited(0.3 * distances[2] + 0.062, 0.085, 0.115),
            lower: distances[2])
        let dark = percentile(colours.map(\.lightness), 0.45)
        if !colours.isEmpty { frameColour = LabColour.median(colours.filter { $0.lightness <= dark }) }
    }
}
