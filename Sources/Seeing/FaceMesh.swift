/// 468 points on a face, each always at the same place of it: MediaPipe's face mesh (Y. Kartynnik et al., "Real-time Facial
/// Surface Geometry from Monocular Video on Mobile GPUs", 2019). ``FaceContour`` names the lines that they make.
///
/// "Right" and "left" are the person's own.
public struct FaceMesh: Equatable, Sendable {
    /// A point of a face.
    public struct Point: Equatable, Sendable {
        /// Where it is, in pixels of the picture.
        public var place: PicturePoint
        /// How far it is behind the face's middle, in pixels of the picture; what is nearer to us is less.
        public var z: Double

        /// Makes a point.
        public init(place: PicturePoint, z: Double) {
            self.place = place
            self.z = z
        }
    }

    /// The points in a mesh.
    public static let pointCount = 468

    /// ``pointCount`` points, numbered as MediaPipe does.
    public internal(set) var points: [Point]
    /// The person's right eye, which is at the left of a face that looks at us; nil when it was not looked at.
    public internal(set) var rightEye: EyeReading?
    /// The left eye.
    public internal(set) var leftEye: EyeReading?

    /// A mesh of the numbers that the network makes for `square`: x, y and z of each point in pixels of what it sees.
    ///
    /// Nil when they are too few, or no places: beyond the square by more than its side.
    package init?(numbers: [Float], square: AlignedSquare) {
        guard let points = square.points(numbers, count: Self.pointCount, pixels: FaceMeshReader.meshPixels) else {
            return nil
        }
        self.points = points
    }

    /// Where the eyes look, the mean of both; nil when they were not looked at.
    public var gaze: Gaze? {
        guard let rightEye, let leftEye else { return nil }
        return Gaze(x: (rightEye.gaze.x + leftEye.gaze.x) / 2, y: (rightEye.gaze.y + leftEye.gaze.y) / 2)
    }

    /// The mesh in a picture that is `x` times as wide and `y` times as high; depths are as widths.
    public func scaled(x: Double, y: Double) -> FaceMesh {
        func moved(_ point: PicturePoint) -> PicturePoint { PicturePoint(x: point.x * x, y: point.y * y) }
        var mesh = self
        mesh.points = points.map { Point(place: moved($0.place), z: $0.z * x) }
        mesh.rightEye = rightEye.map { EyeReading(iris: $0.iris.map(moved), gaze: $0.gaze) }
        mesh.leftEye = leftEye.map { EyeReading(iris: $0.iris.map(moved), gaze: $0.gaze) }
        return mesh
    }

    /// The square around the mesh in which the network sees a face best: eyes level, `scale` times as large as the mesh.
    func square(scale: Double) -> AlignedSquare? {
        let eyes = points[FaceContour.leftEyeOuterCorner].place - points[FaceContour.rightEyeOuterCorner].place
        let direction = eyes * (1 / max(eyes.length, 1e-9))
        let across = points.map { $0.place.x * direction.x + $0.place.y * direction.y }
        let down = points.map { $0.place.y * direction.x - $0.place.x * direction.y }
        guard let left = across.min(), let right = across.max(), let top = down.min(), let bottom = down.max() else {
            return nil
        }
        let (x, y) = ((left + right) / 2, (top + bottom) / 2)
        return AlignedSquare(
            centre: PicturePoint(x: direction.x * x - direction.y * y, y: direction.y * x + direction.x * y),
            side: max(right - left, bottom - top) * scale, along: eyes)
    }
}

extension AlignedSquare {
    /// Points in the picture of what a network that sees the square in `pixels` x `pixels` says: x, y and z of each in its
    /// pixels.
    ///
    /// Nil when there are fewer than `count`, or one is no number or lies beyond the square by more than its side.
    func points(_ numbers: [Float], count: Int, pixels: Int) -> [FaceMesh.Point]? {
        guard numbers.count >= 3 * count else { return nil }
        let most = Float(2 * pixels)
        let least = -Float(pixels)
        var points: [FaceMesh.Point] = []
        points.reserveCapacity(count)
        for index in 0..<count {
            let (x, y, z) = (numbers[3 * index], numbers[3 * index + 1], numbers[3 * index + 2])
            guard x > least, x < most, y > least, y < most, abs(z) < most else { return nil }
            points.append(
                FaceMesh.Point(
                    place: picturePoint(Double(x) / Double(pixels), Double(y) / Double(pixels)),
                    z: Double(z) * side / Double(pixels)))
        }
        return points
    }
}
