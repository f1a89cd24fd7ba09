import Album

/// What a booth tells those who look on.
public enum BoothNews: Sendable {
    /// Where it stands now.
    case state(BoothState)
    /// Another style is chosen.
    case style(String)
    /// A photo is on the disk.
    case photoSaved(Picture)
    /// A picture is being painted; 0...1, told at most five times a second.
    case progress(number: Int, style: String, fraction: Double)
    /// A picture is painted and on the disk.
    case done(Picture, style: String)
    /// A picture cannot be painted, for this reason.
    case failed(number: Int, style: String, reason: String)
    /// How the booth is.
    case health(BoothHealth)
}

/// A picture that is to be painted.
public struct PaintingJob: Hashable, Sendable {
    /// The photo's number.
    public let number: Int
    /// The style.
    public let style: String

    /// Names a job.
    public init(number: Int, style: String) {
        self.number = number
        self.style = style
    }
}
