/// What a person did with the button.
public enum Gesture: Equatable, Sendable {
    /// Pressed, at the time of the edge: a picture is wanted. It is reported before the release.
    case press(at: Duration)
    /// Pressed again soon after a press: the next style is wanted, no picture.
    case doublePress(at: Duration)
    /// Held down since that time, long enough to mean it: a shutdown begins to be asked for.
    case holdBegan(at: Duration)
    /// How much of the hold has passed, above 0 and below 1: often enough for a lamp to follow.
    case holdProgressed(Double)
    /// Held to the end: shut down.
    case holdCompleted
    /// Released before the end: nothing happens.
    case holdCancelled
}

/// The times by which a button's edges become gestures.
public struct GestureTimes: Equatable, Sendable {
    /// A contact that closes for less is noise.
    public var shortestPress: Duration = .milliseconds(3)
    /// A contact that opens for less has not been let go. Longer than `shortestPress`, because worn contacts open for
    /// several milliseconds while a finger comes off, and no finger presses twice within 20.
    public var shortestRelease: Duration = .milliseconds(20)
    /// A press that begins within this time after the release of another makes the two a double press.
    public var doublePress: Duration = .milliseconds(400)
    /// From here on a press is a hold.
    public var holdBegins: Duration = .seconds(1)
    /// The hold that shuts down, counted from the press.
    public var holdCompletes: Duration = .seconds(5)
    /// How late an edge may arrive on a busy machine. What has no edge to wait for is told this much after its time, so
    /// that the end of a pulse is not overtaken by the conclusion that it was a press.
    public var delivery: Duration = .milliseconds(5)
    /// How often a hold's progress is told.
    public var holdStep: Duration = .milliseconds(100)

    /// The times that suit a push button.
    public init() {}
}
