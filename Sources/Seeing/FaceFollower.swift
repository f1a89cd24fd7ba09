/// Follows faces through a live picture in which they are looked for now and then: it tells where they are at any moment,
/// steadied, so that what is drawn over them neither trembles nor comes and goes.
///
/// It knows no clock and is told the time, in seconds, by any clock that runs evenly. The same faces at the same times give
/// the same bits everywhere.
public struct FaceFollower: Equatable, Sendable {
    /// For how many seconds a face stays that is not found any more: looking misses one now and then.
    public static let patience = 0.6
    /// The most faces that are followed.
    public static let mostFollowed = 100

    /// Boxes that are half as large again share more than this part of their union where they are of one face: between two
    /// looks a face moves by about its own width at most.
    private static let leastOverlap = 0.1
    /// One that was told of goes on to be until another one is larger by this factor, so that of people side by side not
    /// this one and then that one is told of.
    private static let preference = 1.2
    /// Seconds. What is seen sooner after something else tells no speed.
    private static let leastInterval = 0.001

    fileprivate struct Followed: Equatable, Sendable {
        /// A slower face, in widths a second, rests: what it moves is mostly the trembling of what is found.
        private static let leastSpeed = 0.15
        /// Of the speed that was measured last, the part that goes into a face's.
        private static let newSpeed = 0.6
        /// Of the filters: the cutoff of what rests in hertz, and what it grows by for each width a second.
        private static let (cutoff, cutoffPerSpeed) = (0.25, 2.0)

        /// As it was found last.
        var found: Face
        /// The same, steadied.
        var steadied: Face
        var filters: [OneEuroFilter]
        /// When it was found last.
        var seconds: Double
        /// Of the box's centre, in pixels a second.
        var speed = PicturePoint(x: 0, y: 0)
        /// Whether it was found more than once. What was not goes at once when it is missed: it was no face, or one that
        /// is too fast to be known again.
        var isSure = false
        /// Whether it is one of those that are told of.
        var isTold = false
    }

    private let most: Int
    private var followed: [Followed] = []
    private var seconds: Double?

    /// Makes a follower that has seen nothing yet.
    ///
    /// - Parameter most: The most faces that are told of, the largest.
    public init(most: Int = Self.mostFollowed) { self.most = most }

    /// Takes what was found in a picture.
    ///
    /// Faces with numbers that are none, beyond a million pixels or smaller than one, are passed over, and so is a picture that is no later
    /// than the one before.
    ///
    /// - Parameters:
    ///   - faces: The faces, the surest first.
    ///   - seconds: When the picture was taken.
    public mutating func see(_ faces: [Face], at seconds: Double) {
        guard seconds.isFinite, seconds - (self.seconds ?? -.infinity) >= Self.leastInterval else { return }
        self.seconds = seconds
        followed.removeAll { seconds - $0.seconds > Self.patience }
        let faces = faces.filter(\.isPlausible).prefix(Self.mostFollowed)

        // Those that share most belong together; then of the others those that do.
        var pairs: [(overlap: Double, old: Int, new: Int)] = []
        for (old, entry) in followed.enumerated() {
            let expected = entry.found.moved(by: entry.speed * (seconds - entry.seconds)).withRoom
            for (new, face) in faces.enumerated() {
                let overlap = expected.overlap(with: face.withRoom)
                if overlap > Self.leastOverlap { pairs.append((overlap, old, new)) }
            }
        }
        pairs.sort { ($1.overlap, $0.old, $0.new) < ($0.overlap, $1.old, $1.new) }
        var isTaken = [Bool](repeating: false, count: faces.count)
        var isFound = [Bool](repeating: false, count: followed.count)
        for pair in pairs where !isTaken[pair.new] && !isFound[pair.old] {
            isTaken[pair.new] = true
            isFound[pair.old] = true
            followed[pair.old].take(faces[pair.new], at: seconds)
        }

        followed.removeAll { !$0.isSure && $0.seconds < seconds }
        for (new, face) in faces.enumerated() where !isTaken[new] && followed.count < Self.mostFollowed {
            followed.append(Followed(face, at: seconds))
        }
        chooseTold()
    }

    /// Where the faces are.
    ///
    /// - Parameter seconds: When; a moment before the last picture counts as that of the picture, and so does none.
    /// - Returns: The faces that are told of, in the order in which they came.
    public func faces(at seconds: Double) -> [Face] {
        let now = max(seconds.isFinite ? seconds : -.infinity, self.seconds ?? -.infinity)
        return followed.compactMap { entry in
            guard entry.isTold, now - entry.seconds <= Self.patience else { return nil }
            return entry.steadied.moved(by: entry.glide * (now - entry.seconds))
        }
    }

    private mutating func chooseTold() {
        let sizes = followed.map {
            $0.steadied.width * $0.steadied.height * ($0.isTold ? Self.preference * Self.preference : 1)
        }
        let order = followed.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        for (rank, index) in order.enumerated() { followed[index].isTold = rank < most }
    }
}

extension FaceFollower.Followed {
    fileprivate init(_ face: Face, at seconds: Double) {
        found = face
        steadied = face
        filters = face.numbers.map { number in
            var filter = OneEuroFilter(minimumCutoff: Self.cutoff)
            _ = filter.filter(number, at: seconds)
            return filter
        }
        self.seconds = seconds
    }

    fileprivate mutating func take(_ face: Face, at seconds: Double) {
        let moved = face.centre - found.centre
        let measured = moved * (1 / (seconds - self.seconds))
        speed = speed + (measured - speed) * Self.newSpeed
        // Widths, not pixels: faces near and far are steadied alike.
        let coefficient = Self.cutoffPerSpeed / steadied.width
        let numbers = face.numbers.enumerated().map { index, number in
            filters[index].speedCoefficient = coefficient
            return filters[index].filter(number, at: seconds)
        }
        steadied = Face(score: face.score, numbers: numbers)
        found = face
        self.seconds = seconds
        isSure = true
    }

    /// The speed at which it is thought to go on, in pixels a second: what rests does not.
    fileprivate var glide: PicturePoint {
        let length = speed.length
        let least = Self.leastSpeed * steadied.width
        return length > least ? speed * ((length - least) / length) : PicturePoint(x: 0, y: 0)
    }
}

extension Face {
    /// Whether all its numbers are some that a picture can have.
    fileprivate var isPlausible: Bool {
        score.isFinite && width >= 1 && height >= 1 && numbers.allSatisfy { abs($0) < 1e6 }
    }

    fileprivate var centre: PicturePoint { PicturePoint(x: origin.x + width / 2, y: origin.y + height / 2) }

    /// All places: the box's centre, its size, and the landmarks.
    fileprivate var numbers: [Double] {
        [centre.x, centre.y, width, height] + landmarks.flatMap { [$0.x, $0.y] }
    }

    /// The face that has these numbers.
    fileprivate init(score: Double, numbers: [Double]) {
        func point(_ index: Int) -> PicturePoint { PicturePoint(x: numbers[index], y: numbers[index + 1]) }
        let (width, height) = (numbers[2], numbers[3])
        self.init(
            score: score, origin: PicturePoint(x: numbers[0] - width / 2, y: numbers[1] - height / 2), width: width,
            height: height, rightEye: point(4), leftEye: point(6), nose: point(8), rightMouthCorner: point(10),
            leftMouthCorner: point(12))
    }

    fileprivate func moved(by offset: PicturePoint) -> Face { moved { $0 + offset } }

    /// The face with a box that is half as large again.
    fileprivate var withRoom: Face {
        var face = self
        face.origin = PicturePoint(x: origin.x - width / 4, y: origin.y - height / 4)
        face.width = 1.5 * width
        face.height = 1.5 * height
        return face
    }
}
