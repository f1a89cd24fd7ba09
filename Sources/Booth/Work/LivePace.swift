/// How large pictures are that people watch live, and whether there is time to paint the faces in them by themselves. It
/// follows from how long frames take, about five of which are to be made a second.
package struct LivePace: Equatable, Sendable {
    /// The least and the greatest side.
    private static let (leastSide, greatestSide) = (96, 512)
    /// Below this side the faces go before the picture shrinks any further: in a smaller one there is little to see of them.
    private static let leastSideWithFaces = 192
    /// By how many pixels the side changes at once.
    private static let step = 32
    /// Frames that take longer, or less long, change something. Time grows with the area: these bounds let the side settle.
    private static let (longest, shortest) = (Duration.milliseconds(200), Duration.milliseconds(80))
    /// How long a frame without faces, of the least side with them, may take where they are tried again. A face has more than
    /// twice as many pixels as such a frame.
    private static let longestBeforeFaces = Duration.milliseconds(60)
    /// So many frames in a row have to be too long: something else may have held up one.
    private static let mostSlowFrames = 2
    /// The frames for which faces stay away; twice as many each time, where there turns out to be no time for them.
    private static let (shortestAbsence, longestAbsence) = (25, 800)
    /// After so many frames with faces there is time for them.
    private static let framesOfTrial = 100

    /// The longest side of the next picture in pixels.
    package private(set) var side = 192
    /// Whether there is time for faces in the next picture.
    package private(set) var hasTimeForFaces = true

    private var slowFrames = 0
    private var framesWithFaces = 0
    private var framesLeftWithout = 0
    private var absence = Self.shortestAbsence
    /// What the side was before faces came back.
    private var sideWithoutFaces = 0

    /// Begins.
    package init() {}

    /// Pixels of the square that is to be painted of a face: as many as a larger picture deserves.
    package var faceSide: Int { min(max(side / 128 * 128, 256), 512) }

    /// Takes how long a frame took.
    ///
    /// - Parameters:
    ///   - time: The time.
    ///   - hadFaces: Whether faces were looked for in it, and painted where there were some.
    package mutating func add(_ time: Duration, hadFaces: Bool) {
        if hadFaces {
            framesWithFaces += 1
            if framesWithFaces >= Self.framesOfTrial {
                absence = Self.shortestAbsence
                sideWithoutFaces = 0
            }
            if time > Self.longest, side <= Self.leastSideWithFaces {
                slowFrames += 1
                if slowFrames >= Self.mostSlowFrames { sendFacesAway() }
                return
            }
        }
        slowFrames = 0
        let shown = side
        if time > Self.longest {
            side = max(side - Self.step, Self.leastSide)
        } else if time < Self.shortest {
            side = min(side + Self.step, Self.greatestSide)
        }
        if !hasTimeForFaces { considerFaces(after: time, side: shown) }
    }

    private mutating func considerFaces(after time: Duration, side shown: Int) {
        framesLeftWithout -= 1
        let least = Self.leastSideWithFaces
        guard framesLeftWithout <= 0, time * (least * least) <= Self.longestBeforeFaces * (shown * shown) else {
            return
        }
        hasTimeForFaces = true
        framesWithFaces = 0
        sideWithoutFaces = side
        side = min(side, least)
    }

    private mutating func sendFacesAway() {
        hasTimeForFaces = false
        slowFrames = 0
        framesLeftWithout = absence
        absence = min(2 * absence, Self.longestAbsence)
        side = max(side, sideWithoutFaces)
    }
}
