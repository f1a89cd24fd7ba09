import Imaging
import Painting
import Testing

@Suite("What the pen sees of a face in the photo")
struct FaceSightTests {
    private static let skin = PenColour(red: 240, green: 200, blue: 176)

    /// The astronaut's face on a photo that is plain skin but for what is painted on it.
    private func seen(
        _ change: ([PenPoint]) -> [PenPoint] = { $0 }, _ paint: (inout PenCanvas, PenFace) -> Void
    ) throws -> PenFace {
        let known = try #require(PenFixtures.face)
        let changed = PenFixtures.changed(known, points: change)
        var face = try #require(changed)
        var canvas = PenCanvas(PenFixtures.plain(PenFixtures.side))
        paint(&canvas, face)
        face.look(at: canvas.image)
        return face
    }

    private func ellipse(_ centre: PenPoint, _ width: Double, _ height: Double) -> [PenPoint] {
        Circle.ellipse(centre, across: PenPoint(width, 0), down: PenPoint(0, height))
    }

    private func paintEyes(_ canvas: inout PenCanvas, _ face: PenFace) {
        for eye in face.eyes {
            canvas.fill(
                ellipse(eye.centre, 0.5 * eye.width, 0.25 * eye.width), PenColour(red: 50, green: 30, blue: 20))
        }
    }

    /// A thin line around both eyes and one between them.
    private func paintFrame(_ canvas: inout PenCanvas, _ face: PenFace, _ colour: PenColour, bridge: Bool = true) {
        for eye in face.eyes {
            let outer = PenCoverage(ellipse(eye.centre, 0.175 * face.width, 0.155 * face.width), side: canvas.side)
            let inner = PenCoverage(
                ellipse(eye.centre, 0.175 * face.width - 2, 0.155 * face.width - 2), side: canvas.side)
            canvas.fill(outer.subtracting(inner), colour)
        }
        guard bridge else { return }
        let middle = face.middle - PenPoint(0, 0.02 * face.width)
        let half = 0.09 * face.width
        canvas.fill(
            [
                middle + PenPoint(-half, -1), middle + PenPoint(half, -1), middle + PenPoint(half, 1),
                middle + PenPoint(-half, 1),
            ], colour)
    }

    @Test(
        "Thin frames are seen, dark ones and light ones, and a face without has none",
        arguments: [(30, 28, 26), (150, 110, 50), (255, 250, 240)])
    func frames(red: UInt8, green: UInt8, blue: UInt8) throws {
        let frame = PenColour(red: red, green: green, blue: blue)
        let worn = try seen { canvas, face in
            paintEyes(&canvas, face)
            paintFrame(&canvas, face, frame)
        }
        #expect(worn.eyewear.frame > 0.9 && worn.eyewear.shades == 0)
        let bare = try seen { canvas, face in paintEyes(&canvas, face) }
        #expect(bare.eyewear.frame == 0)
    }

    @Test("Bags under the eyes and wrinkles are no spectacles")
    func wrinkles() throws {
        let line = PenColour(red: 150, green: 110, blue: 90)
        func lines(_ canvas: inout PenCanvas, _ face: PenFace, _ places: [Double]) {
            for down in places {
                let place = face.middle + PenPoint(0, down * face.width)
                canvas.fill(
                    [
                        place + PenPoint(-0.35 * face.width, 0), place + PenPoint(0.35 * face.width, 0),
                        place + PenPoint(0.35 * face.width, 2), place + PenPoint(-0.35 * face.width, 2),
                    ], line)
            }
        }
        let old = try seen { canvas, face in
            lines(&canvas, face, [-0.4, -0.36, -0.32, -0.28, -0.02, 0.12, 0.26, 0.3, 0.34])
            paintEyes(&canvas, face)
        }
        #expect(old.eyewear.frame < 0.1)
        let tired = try seen { canvas, face in
            for eye in face.eyes {
                let bag = eye.centre + PenPoint(0, 0.02 * face.width)
                let outer = PenCoverage(ellipse(bag, 0.11 * face.width, 0.09 * face.width), side: canvas.side)
                let inner = PenCoverage(ellipse(bag, 0.11 * face.width, 0.09 * face.width - 2), side: canvas.side)
                canvas.fill(outer.subtracting(inner), line)
            }
            paintEyes(&canvas, face)
        }
        #expect(tired.eyewear.frame < 0.1)
    }

    private func paintMouth(_ canvas: inout PenCanvas, _ face: PenFace) {
        canvas.fill(MouthPen.outerLips.map { face[$0] }, PenColour(red: 196, green: 104, blue: 98))
        let centre = face.mean(MouthPen.outerLips)
        canvas.fill(ellipse(centre, 0.14 * face.width, 1), PenColour(red: 70, green: 30, blue: 26))
    }

    @Test("A mouth is seen, and not where a hand of the skin's colour or a mask lies over it")
    func covered() throws {
        let free = try seen { canvas, face in
            paintEyes(&canvas, face)
            paintMouth(&canvas, face)
        }
        #expect(free.lowerFace.mouth == 1 && free.lowerFace.nose == 1)
        let hand = try seen { canvas, face in paintEyes(&canvas, face) }
        #expect(hand.lowerFace.mouth < 0.05 && hand.lowerFace.nose == 1)
        let mask = try seen { canvas, face in
            paintEyes(&canvas, face)
            canvas.fill(
                ellipse(face.mean(MouthPen.outerLips), 0.4 * face.width, 0.4 * face.width),
                PenColour(red: 225, green: 236, blue: 240))
        }
        #expect(mask.lowerFace.mouth < 0.05 && mask.lowerFace.nose < 0.3)
        // Nothing of a mouth that is not seen is drawn.
        let drawn = PenFixtures.drawn(hand)
        let mouth = hand.mean(MouthPen.outerLips)
        #expect(
            drawn.changes(from: PenFixtures.plain(PenFixtures.side)) { x, y in
                abs(Double(x) - mouth.x) < 0.2 * hand.width && abs(Double(y) - mouth.y) < 0.07 * hand.width
            } < 60)
    }

    @Test("Where the photo shows too little to tell, and under a dark beard, the mouth is drawn")
    func doubtful() throws {
        let blank = try seen { _, _ in }
        #expect(blank.lowerFace.mouth == 1 && blank.lowerFace.nose == 1)
        let beard = try seen { canvas, face in
            paintEyes(&canvas, face)
            canvas.fill(
                ellipse(face.mean(MouthPen.outerLips), 0.4 * face.width, 0.3 * face.width),
                PenColour(red: 52, green: 44, blue: 40))
        }
        #expect(beard.lowerFace.mouth == 1)
    }

    @Test("Teeth are light and pale; a tongue is not, and neither is the dark")
    func teeth() throws {
        func inside(_ colour: PenColour) throws -> Double {
            // The lower lip hangs down.
            let mouth = try seen({ points in
                var points = points
                for index in [95, 88, 178, 87, 14, 317, 402, 318, 324] {
                    points[index] += PenPoint(0, 8)
                }
                return points
            }) { canvas, face in
                paintMouth(&canvas, face)
                let lips = [
                    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
                ]
                canvas.fill(lips.map { face[$0] }, colour)
            }
            return mouth.measures.teeth
        }
        #expect(try inside(PenColour(red: 236, green: 228, blue: 214)) > 0.5)
        #expect(try inside(PenColour(red: 214, green: 118, blue: 116)) < 0.2)
        #expect(try inside(PenColour(red: 60, green: 30, blue: 28)) < 0.05)
    }

    @Test(
        "No iris is violet but where the style says so",
        arguments: [(128, 120, 132), (118, 116, 130), (140, 118, 138), (110, 108, 108), (150, 150, 152)])
    func irises(red: UInt8, green: UInt8, blue: UInt8) throws {
        let face = try seen { canvas, face in
            for eye in face.eyes {
                canvas.fill(
                    ellipse(eye.iris ?? eye.centre, 8, 8), PenColour(red: red, green: green, blue: blue))
            }
        }
        #expect(face.measures.iris != nil)
        var style = DrawnStyle()
        func iris() -> LabColour {
            IrisColour.of(PenContext(face: face, fields: PenFields(side: 1), style: style, tones: PenFixtures.tones))
                .middle
        }
        let own = iris()
        // Blue, grey or brown.
        #expect(own.a < 4 || own.b < -5 * own.a || own.b > 0.6 * own.a, "\(own)")
        style.irises = .violet
        #expect(iris().a > 25 && iris().b < -25)
    }

    @Test("Eyes that are nearly as open are drawn alike, and a wink is one")
    func winks() throws {
        let known = try #require(PenFixtures.face)
        /// Closes the eyes by parts of their height.
        func openness(_ right: Double, _ left: Double) throws -> [Double] {
            try #require(
                PenFixtures.changed(known) { points in
                    var points = points
                    for (eye, part) in zip(known.eyes, [right, left]) {
                        for (upper, lower) in zip(eye.side.upperLid, eye.side.lowerLid) {
                            points[upper] = mix(points[upper], points[lower], part)
                        }
                    }
                    return points
                }
            ).eyes.map(\.openness)
        }
        let narrowed = try openness(0.2, 0.35)
        #expect(narrowed[0] == narrowed[1])
        let shut = try openness(1, 0.75)
        #expect(shut[0] < 0.05 && shut[1] < 0.05)
        let wink = try openness(1, 0)
        #expect(wink[0] == 0 && wink[1] > 0.8)
    }

    @Test("The line of the jaw is drawn over the neck, and not where skin ends there")
    func jaw() throws {
        let face = try #require(PenFixtures.face)
        let side = PenFixtures.side
        let chin = face[152]
        func changes(_ skin: [UInt8]) -> Int {
            PenFixtures.drawn(face, fields: PenFields(side: side, skin: skin)).changes(
                from: PenFixtures.plain(side)
            ) { x, y in (PenPoint(Double(x), Double(y)) - chin).length < 0.06 * face.width }
        }
        let all = [UInt8](repeating: 255, count: side * side)
        let above = (0..<side * side).map { UInt8(Double($0 / side) < chin.y + 1 ? 255 : 0) }
        // Beside the chin, where skin begins again, the line tapers.
        #expect(changes(all) > 20)
        #expect(changes(above) < changes(all) / 2)
    }
}
