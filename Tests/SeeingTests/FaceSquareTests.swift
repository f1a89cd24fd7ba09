import Seeing
import Testing

@Suite("The square of a face")
struct FaceSquareTests {
    private func face(
        _ rightEye: (Double, Double), _ leftEye: (Double, Double), mouth: (Double, Double), width: Double = 0
    ) -> Face {
        func point(_ place: (Double, Double)) -> PicturePoint { PicturePoint(x: place.0, y: place.1) }
        return Face(
            score: 1, origin: point((0, 0)), width: 100, height: 120, rightEye: point(rightEye),
            leftEye: point(leftEye),
            nose: point(mouth), rightMouthCorner: PicturePoint(x: mouth.0 - width, y: mouth.1),
            leftMouthCorner: PicturePoint(x: mouth.0 + width, y: mouth.1))
    }

    @Test("has the eyes level, in the same two places, however the face is turned and wherever it lies")
    func eyes() throws {
        // Quarters, and the angle of a triangle of 3, 4 and 5.
        for (cosine, sine) in [(1.0, 0.0), (0, 1), (-1, 0), (0, -1), (0.8, 0.6), (-0.6, 0.8)] {
            for size in [3.0, 50, 900] {
                func turned(_ across: Double, _ down: Double) -> (Double, Double) {
                    (300 + size * (across * cosine - down * sine), 200 + size * (across * sine + down * cosine))
                }
                let frame = try #require(
                    AlignedSquare(framing: face(turned(-0.5, 0), turned(0.5, 0), mouth: turned(0, 1.05))))
                #expect(abs(frame.side * AlignedSquare.eyeDistance - size) < 1e-9 * size)
                for (eye, across) in [(turned(-0.5, 0), 0.5 - 0.095), (turned(0.5, 0), 0.5 + 0.095)] {
                    let place = frame.picturePoint(across, AlignedSquare.eyeHeight)
                    #expect(abs(place.x - eye.0) < 1e-9 * size && abs(place.y - eye.1) < 1e-9 * size)
                }
            }
        }
    }

    @Test("is as large for a face that looks aside, whose eyes are close together")
    func aside() throws {
        let front = try #require(AlignedSquare(framing: face((-50, 0), (50, 0), mouth: (0, 110))))
        let aside = try #require(AlignedSquare(framing: face((-15, 0), (15, 0), mouth: (0, 110))))
        #expect(abs(front.side - aside.side) < 0.02 * front.side)
    }

    @Test("is none where the landmarks lie upon each other or nowhere")
    func none() {
        #expect(AlignedSquare(framing: face((5, 5), (5, 5), mouth: (5, 5))) == nil)
        #expect(AlignedSquare(framing: face((.nan, 5), (5, 5), mouth: (5, 9))) == nil)
        #expect(AlignedSquare(framing: face((-.infinity, 5), (5, 5), mouth: (5, 9))) == nil)
    }

    @Test("scales with its picture, and its bounds hold its corners")
    func scaled() throws {
        let square = try #require(
            AlignedSquare(
                centre: PicturePoint(x: 10, y: 20), side: 100, along: PicturePoint(x: 0.6, y: 0.8)))
        let twice = square.scaled(across: 2, down: 2, from: PicturePoint(x: 3, y: 4))
        #expect(twice.side == 200 && twice.direction == square.direction)
        #expect(twice.centre == PicturePoint(x: 17, y: 36))
        let (least, greatest) = twice.bounds
        // Half a diagonal of a square that is turned by the angle of a triangle of 3, 4 and 5.
        #expect(abs(least.x - (17 - 140)) < 1e-9 && abs(greatest.y - (36 + 140)) < 1e-9)
    }
}
