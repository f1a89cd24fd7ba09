import Seeing
import Testing

@Suite("A face mesh")
struct FaceMeshTests {
    private func square() throws -> AlignedSquare {
        try #require(
            AlignedSquare(centre: PicturePoint(x: 100, y: 50), side: 96, along: PicturePoint(x: 1, y: 0)))
    }

    @Test("is read in pixels of what the network sees, depths too")
    func places() throws {
        var numbers = [Float](repeating: 96, count: 3 * FaceMesh.pointCount)
        numbers[3] = 0
        numbers[4] = 192
        numbers[5] = -20
        let mesh = try #require(FaceMesh(numbers: numbers, square: square()))
        #expect(mesh.points.count == 468)
        #expect(mesh.points[0] == FaceMesh.Point(place: PicturePoint(x: 100, y: 50), z: 48))
        #expect(mesh.points[1] == FaceMesh.Point(place: PicturePoint(x: 52, y: 98), z: -10))
        #expect(mesh.gaze == nil && mesh.rightEye == nil)
        let larger = mesh.scaled(x: 2, y: 3)
        #expect(larger.points[1] == FaceMesh.Point(place: PicturePoint(x: 104, y: 294), z: -20))
    }

    @Test("is none of what is no number, too few, or far outside of what was seen")
    func nonsense() throws {
        let good = [Float](repeating: 96, count: 3 * FaceMesh.pointCount)
        for bad in [Float.nan, .infinity, -.infinity, 1e9, -193] {
            var numbers = good
            numbers[700] = bad
            #expect(try FaceMesh(numbers: numbers, square: square()) == nil)
        }
        #expect(try FaceMesh(numbers: good.dropLast(), square: square()) == nil)
        #expect(try FaceMesh(numbers: [], square: square()) == nil)
    }

    @Test("has contours of its own points, none of them twice in one")
    func contours() {
        for contour in FaceContour.allCases {
            #expect(contour.points.allSatisfy { (0..<FaceMesh.pointCount).contains($0) })
            #expect(Set(contour.points).count == contour.points.count)
        }
        let right = FaceContour.rightEye.points
        #expect(right.contains(FaceContour.rightEyeOuterCorner) && right.contains(FaceContour.rightEyeInnerCorner))
        let left = FaceContour.leftEye.points
        #expect(left.contains(FaceContour.leftEyeOuterCorner) && left.contains(FaceContour.leftEyeInnerCorner))
    }
}

@Suite("A gaze")
struct GazeTests {
    private func gaze(_ x: Double, _ y: Double) -> Gaze? {
        Gaze(iris: PicturePoint(x: x, y: y), left: PicturePoint(x: 10, y: 20), right: PicturePoint(x: 30, y: 20))
    }

    @Test("is where the iris lies between the corners of the eye, and at most at a corner")
    func places() {
        #expect(gaze(20, 20) == Gaze(x: 0, y: 0))
        #expect(gaze(10, 20) == Gaze(x: -1, y: 0))
        #expect(gaze(25, 15) == Gaze(x: 0.5, y: -0.5))
        #expect(gaze(300, 90) == Gaze(x: 1, y: 1))
    }

    @Test("is the same of a head that is tilted, and there is none of an eye without a width")
    func tilted() throws {
        let corner = PicturePoint(x: 5, y: 5)
        let down = try #require(
            Gaze(iris: PicturePoint(x: 5, y: 12), left: corner, right: PicturePoint(x: 5, y: 15)))
        #expect(abs(down.x - 0.4) < 1e-12 && down.y == 0)
        let beside = try #require(
            Gaze(iris: PicturePoint(x: 4, y: 10), left: corner, right: PicturePoint(x: 5, y: 15)))
        #expect(beside.x == 0 && abs(beside.y - 0.2) < 1e-12)
        #expect(Gaze(iris: corner, left: corner, right: corner) == nil)
    }
}
