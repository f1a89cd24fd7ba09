/// When a photo was taken, and whether the clock that says so can be believed.
public struct ShotTime: Equatable, Sendable {
    /// Seconds since the beginning of 1970, UTC.
    public var seconds: Int
    /// Whether something keeps the machine's clock right, a time server say. The album itself takes no time as right
    /// that is before its newest photo's.
    public var isTrusted: Bool

    /// Makes a time.
    public init(seconds: Int, isTrusted: Bool) {
        self.seconds = seconds
        self.isTrusted = isTrusted
    }
}
