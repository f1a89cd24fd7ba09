import Seeing
import TestSupport
import Testing

@Suite("A follower of faces")
struct FaceFollowerTests {
    /// From one look to the next, in seconds.
    private static let interval = 0.3

    /// A face that looks at us, with its box's centre there.
    private func face(_ x: Double, _ y: Double = 200, width: Double = 100, score: Double = 0.9) -> Face {
        func point(_ right: Double, _ down: Double) -> PicturePoint {
            PicturePoint(x: x + right * width, y: y + down * width)
        }
        return Face(
            score: score, origin: point(-0.5, -0.6), width: width, height: 1.2 * width, rightEye: point(-0.2, -0.1),
            leftEye: point(0.2, -0.1), nose: point(0, 0.1), rightMouthCorner: point(-0.15, 0.3),
            leftMouthCorner: point(0.15, 0.3))
    }

    private func centre(_ face: Face) -> Double { face.origin.x + face.width / 2 }

    /// The greatest distance of a landmark from where it should be.
    private func distance(_ one: Face, _ other: Face) -> Double {
        zip(one.landmarks, other.landmarks).map { $0.distance(to: $1) }.max() ?? .infinity
    }

    @Test("tells a face as it was found at first, and at once")
    func first() {
        var follower = FaceFollower()
        #expect(follower.faces(at: 0).isEmpty)
        follower.see([face(100)], at: 5)
        let told = follower.faces(at: 5)
        #expect(told.count == 1 && told.allSatisfy { distance($0, face(100)) < 1e-9 })
    }

    @Test("a face that rests trembles no more than half as much as it is found to")
    func still() throws {
        var random = SplitMix(seed: 7)
        var follower = FaceFollower()
        var (found, told) = (0.0, 0.0)
        for look in 0..<200 {
            let time = Double(look) * Self.interval
            let trembling = Double(random.int(in: -200...200)) / 100
            follower.see([face(300 + trembling)], at: time)
            guard look >= 10 else { continue }
            for frame in 0..<3 {
                let off = try centre(#require(follower.faces(at: time + Double(frame) / 10).first)) - 300
                found += trembling * trembling
                told += off * off
            }
        }
        #expect(told < found / 3)
    }

    @Test("a face that moves is told of where it is, between looks too, and one that stops rests soon")
    func moving() throws {
        var follower = FaceFollower()
        // A width a second.
        for look in 0...20 {
            let time = Double(look) * Self.interval
            follower.see([face(100 + 100 * time)], at: time)
            guard look >= 4 else { continue }
            for frame in 0..<3 {
                let now = time + Double(frame) / 10
                let told = try #require(follower.faces(at: now).first)
                #expect(distance(told, face(100 + 100 * now)) < 15, "\(now)")
            }
        }
        for look in 21...24 { follower.see([face(700)], at: Double(look) * Self.interval) }
        #expect(try distance(#require(follower.faces(at: 24.9 * Self.interval).first), face(700)) < 5)
    }

    @Test("two faces that cross keep apart, though one hides the other")
    func crossing() throws {
        var follower = FaceFollower()
        var least = Int.max
        for look in 0...24 {
            let time = Double(look) * Self.interval
            let (one, other) = (face(100 + 80 * time), face(640 - 80 * time, 215, width: 90, score: 0.8))
            follower.see([one, other].withoutDoubles(sharing: 0.35), at: time)
            let told = follower.faces(at: time)
            if look > 0 { least = min(least, told.count) }
            guard look >= 4, told.count == 2 else { continue }
            #expect(distance(told[0], one) < 25, "\(look)")
            #expect(distance(told[1], other) < 25, "\(look)")
        }
        #expect(least == 2, "no one was lost")
    }

    @Test("a face that is missed once stays, and one that is missed for longer goes")
    func missed() {
        var follower = FaceFollower()
        follower.see([face(100), face(400)], at: 0)
        follower.see([face(100), face(400)], at: 0.25)
        follower.see([face(400)], at: 0.5)
        #expect(follower.faces(at: 0.5).count == 2)
        follower.see([face(100), face(400)], at: 0.75)
        follower.see([face(400)], at: 1)
        follower.see([face(400)], at: 1.25)
        #expect(follower.faces(at: 1.25).count == 2)
        #expect(follower.faces(at: 1.375).count == 1)
        #expect(follower.faces(at: 2.2).isEmpty, "nobody looks any more")
    }

    @Test("what was found a single time goes as soon as it is missed")
    func flicker() {
        var follower = FaceFollower()
        follower.see([face(100), face(400)], at: 0)
        #expect(follower.faces(at: 0.2).count == 2)
        follower.see([face(100)], at: 0.3)
        #expect(follower.faces(at: 0.3).map(centre) == [100])
    }

    @Test("a face that comes back after it went begins anew, where it is")
    func back() throws {
        var follower = FaceFollower()
        for look in 0...5 { follower.see([face(100 + 10 * Double(look))], at: 0.3 * Double(look)) }
        follower.see([face(180)], at: 9)
        #expect(try distance(#require(follower.faces(at: 9).first), face(180)) < 1e-9)
    }

    @Test("of many faces the largest are told of, and of nearly equal ones always the same")
    func largest() {
        var follower = FaceFollower(most: 2)
        follower.see([face(100, width: 50), face(300, width: 80), face(500, width: 82)], at: 0)
        #expect(follower.faces(at: 0).map(centre) == [300, 500])
        for look in 1...20 {
            let width = look % 2 == 0 ? 78.0 : 86
            follower.see(
                [face(100, width: 84), face(300, width: width), face(500, width: 164 - width)], at: 0.3 * Double(look))
            #expect(follower.faces(at: 0.3 * Double(look)).map { Int(centre($0).rounded()) } == [300, 500])
        }
        for look in 21...40 {
            follower.see(
                [face(100, width: 150), face(300, width: 80), face(500, width: 90)], at: 0.3 * Double(look))
        }
        #expect(follower.faces(at: 12).map { Int(centre($0).rounded()) } == [100, 500])
    }

    @Test("numbers that are none, and huge ones, do no harm")
    func nonsense() throws {
        var follower = FaceFollower()
        follower.see([face(100)], at: 0)
        let before = follower
        for time in [Double.nan, .infinity, -.infinity, 0, -1, 1e-9] { follower.see([face(300)], at: time) }
        #expect(follower == before)
        var wild = face(100)
        wild.nose.x = .nan
        let nonsense = [
            face(.nan), face(.infinity), face(1e300), face(0, -1e9), face(100, width: 0), face(100, width: -5),
            face(100, width: 1e-300),
            face(100, width: 1e300), face(100, score: .nan), wild,
        ]
        follower.see(nonsense + [face(101)], at: 0.3)
        #expect(follower.faces(at: .nan).count == 1 && follower.faces(at: .infinity).count == 1)
        #expect(follower.faces(at: 1e300).isEmpty)
        // From one end of what a picture may be to the other, in no time, again and again.
        for look in 1...200 {
            follower.see(
                [face(look % 2 == 0 ? 9e5 : -9e5, width: look % 3 == 0 ? 1e5 : 1)], at: 1 + Double(look) / 999)
        }
        let told = follower.faces(at: 1.2)
        #expect(
            told.allSatisfy { face in
                (face.landmarks + [face.origin]).allSatisfy { abs($0.x) < 1e12 && abs($0.y) < 1e12 } && face.width > 0
            })
        follower.see([face(100)], at: 1e300)
        #expect(follower.faces(at: 1e300).map(centre) == [100])
    }

    @Test("a crowd is followed, the same whoever follows it, and what has no room in it is left out")
    func crowd() {
        var random = SplitMix(seed: 3)
        var (one, other) = (FaceFollower(), FaceFollower())
        for look in 0..<40 {
            let faces = (0..<150).map { number in
                face(
                    Double(number % 15 * 60 + random.int(in: -9...9)),
                    Double(number / 15 * 60 + random.int(in: -9...9)),
                    width: 50)
            }
            one.see(faces, at: Double(look) * Self.interval)
            other.see(faces, at: Double(look) * Self.interval)
        }
        #expect(one == other)
        let told = one.faces(at: 39 * Self.interval)
        #expect(told.count == FaceFollower.mostFollowed)
        for (number, face) in told.enumerated() {
            #expect(abs(centre(face) - Double(number % 15 * 60)) < 20, "each stays who it is")
        }
    }
}
