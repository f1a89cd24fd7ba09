import Glibc
import Seeing
import TestSupport
import Testing

@Suite("Faces")
struct FaceTests {
    private func face(_ score: Double, _ x: Double, _ y: Double, _ side: Double = 100) -> Face {
        let eye = PicturePoint(x: x + side / 3, y: y + side / 3)
        return Face(
            score: score, origin: PicturePoint(x: x, y: y), width: side, height: side, rightEye: eye, leftEye: eye,
            nose: eye, rightMouthCorner: eye, leftMouthCorner: eye)
    }

    @Test("of boxes that lie upon each other the surest stays, and boxes side by side all stay")
    func doubles() {
        let faces = [face(0.7, 10, 10), face(0.9, 14, 8), face(0.8, 300, 10), face(0.65, 90, 10)]
        #expect(faces.withoutDoubles(sharing: 0.35).map(\.score) == [0.9, 0.8, 0.65])
    }

    @Test("the order in which faces come changes nothing, not even of a hundred that are equally sure")
    func order() {
        var random = SplitMix(seed: 5)
        let faces = (0..<100).map { _ in
            face(Double(random.int(in: 6...9)) / 10, Double(random.int(in: 0...400)), Double(random.int(in: 0...400)))
        }
        let kept = faces.withoutDoubles(sharing: 0.35)
        #expect(!kept.isEmpty && kept.count < faces.count)
        for _ in 0..<20 { #expect(faces.shuffled(using: &random).withoutDoubles(sharing: 0.35) == kept) }
        for (index, one) in kept.enumerated() {
            for other in kept[..<index] { #expect(one.overlap(with: other) <= 0.35) }
        }
    }

    @Test("boxes without an area share nothing")
    func empty() {
        #expect(face(1, 0, 0, 0).overlap(with: face(1, 0, 0, 0)) == 0)
        #expect(face(1, 0, 0, 0).overlap(with: face(1, 0, 0)) == 0)
        #expect(face(1, 0, 0).overlap(with: face(1, 0, 0)) == 1)
    }

    @Test("the exponential function is the C library's to one part in 10^15")
    func exponentials() {
        for step in -8000...8000 {
            let x = Double(step) / 1000
            let expected = exp(x)
            #expect(abs(exponential(x) - expected) <= 2e-15 * expected, "\(x)")
        }
        #expect(exponential(0) == 1)
        #expect(exponential(-1000) == 0)
    }
}
