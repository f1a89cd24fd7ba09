import Imaging

/// How much of mouth and nose is seen in a photo: a hand, a cup, a microphone or a mask may lie over them, and what lies there
/// may have the skin's colour.
package struct LowerFace: Equatable, Sendable {
    /// How surely a mouth is seen, 0...1.
    package var mouth = 1.0
    /// How surely a nose is seen, 0...1.
    package var nose = 1.0
}

extension LowerFace {
    /// Skin that hands and masks mostly leave free: forehead, the root of the nose, below the eyes.
    private static let free = [151, 9, 108, 337, 69, 299, 104, 333, 6, 197, 117, 346, 118, 347, 50, 280]

    /// Looks for them on a face whose measures are known.
    ///
    /// A mouth is redder than what surrounds it, or there is a line where lips or teeth meet; of what lies over it neither is
    /// true. Where eyes have as little contrast, the photo shows too little to tell, and under a dark beard nothing is missed:
    /// then the mouth counts as seen.
    init(of face: PenFace, in photo: RGBImage) {
        let glance = Glance(photo: photo)
        let grain = 0.004 * face.width
        let skin = LabColour.median(face[Self.free].map { glance[$0, 0.012 * face.width] })
        let centre = face.mean(MouthPen.outerLips)
        let around = LabColour.median(
            [1.35, 1.6, 1.9].flatMap { (factor: Double) in
                face[MouthPen.outerLips].map { glance[centre + ($0 - centre) * factor, 0.012 * face.width] }
            })
        let contrast =
            face.eyes.map { eye in
                let dark = (eye.upper[2..<7] + [eye.iris ?? eye.centre]).map { glance[$0, grain].lightness }
                return skin.lightness - percentile(dark, 0.2)
            }.max() ?? 0
        let part = contrast / max(skin.lightness, 1)
        let line = percentile(
            zip([39, 0, 269, 37, 267], [181, 17, 405, 84, 314]).map { upper, lower in
                Self.line(from: face[upper], to: face[lower]) { glance[$0, grain].lightness }
            })
        let seen = max(face.measures.lips.a - around.a, 0) / 8 + line / (14 * limited(part / 0.6, 0.4, 1))
        // Skin is not lighter around the mouth, and not of another colour.
        let lighter = (around.lightness - skin.lightness) / max(skin.lightness, 1)
        let foreign = max(smooth(lighter, 0.08, 0.25), smooth(Self.distance(around, to: skin), 11, 18))
        let isBeard = smooth(-lighter, 0.35, 0.5)
        let hidden = 1 - smooth(seen - 0.35 * foreign, 0.1, 0.32)
        // Of a face that is turned far the mesh is less exact.
        let unseen = hidden * (1 - isBeard) * smooth(contrast, 8, 16) * (1 - smooth(abs(face.turn), 0.38, 0.48))
        mouth = 1 - unseen
        let noseAway = percentile(
            [4, 5, 98, 327, 2].map { Self.distance(glance[face[$0], 0.015 * face.width], to: skin) })
        nose = 1 - unseen * smooth(noseAway, 10, 16)
    }

    /// How far a colour is from that of skin in its light.
    private static func distance(_ colour: LabColour, to skin: LabColour) -> Double {
        let light = limited(colour.lightness / max(skin.lightness, 1), 0.3, 1.3)
        return PenPoint(colour.a - skin.a * light, colour.b - skin.b * light).length
    }

    /// How much darker than both ends the darkest place between two is, or how much lighter the lightest, in L*.
    private static func line(from one: PenPoint, to two: PenPoint, _ light: (PenPoint) -> Double) -> Double {
        let values = (0...24).map { light(mix(one, two, 1.2 * (Double($0) / 24 - 0.5) + 0.5)) }
        var found = 0.0
        for index in 5..<20 {
            let (before, after) = (values[...index], values[index...])
            let dark = min(before.max() ?? 0, after.max() ?? 0) - values[index]
            let bright = values[index] - max(before.min() ?? 0, after.min() ?? 0)
            found = max(found, dark, bright)
        }
        return found
    }
}
