/// How a drawn picture looks: what the pen does with what the network underpaints.
///
/// A style is a readable file, `styles/NAME.json`; what it does not name stays as here.
public struct DrawnStyle: Equatable, Sendable {
    /// An own colour for hair or irises.
    public enum Tint: String, CaseIterable, Sendable {
        /// As in the photo.
        case photo
        case black, brown, blond, red, pink, violet, blue, teal, green, silver
    }

    /// The network that underpaints: the name of its files without size.
    public var network = "drawn"
    /// Width of the eyes, as parts of the photo's, 1...1.8.
    public var eyes = 1.5
    /// Height of a wide open eye, as part of its width, 0.35...0.9.
    public var eyeHeight = 0.68
    /// How strong lash lines are, 0...1.5.
    public var lashes = 1.0
    /// How strong brows are, 0...1.5.
    public var brows = 1.0
    /// How much narrower the jaw becomes, as part of its width, 0...0.2.
    public var jaw = 0.11
    /// Width of lines, as parts of the standard one, 0.3...2.
    public var line = 1.0
    /// Colour of the pen's lines, sRGB.
    public var lineColour: (red: UInt8, green: UInt8, blue: UInt8) = (42, 26, 22)
    /// How strong the lines of the background are, 0...1.
    public var backgroundLines = 0.55
    /// How strong shadows on skin are, 0...1.5.
    public var shadow = 1.0
    /// How strong blush is, 0...1.
    public var blush = 0.42
    /// How far the tones of hair lie apart, 0...1.5.
    public var hairTones = 1.0
    /// How far strokes of one colour reach, in pixels of a picture of 1280, 0...8; 0 leaves colours as the network makes them.
    public var strokes = 4.0
    /// How strong the grade of scenes is (luminous greens, clear skies, cool shadows), 0...1.5.
    public var background = 0.75
    /// How colourful everything but skin is, 0.5...1.5.
    public var saturation = 1.0
    /// How strong light glows, 0...0.4.
    public var glow = 0.08
    /// The colour of hair.
    public var hair = Tint.photo
    /// The colour of irises.
    public var irises = Tint.photo

    /// The standard style, `anime`.
    public init() {}

    /// How far strokes reach.
    ///
    /// - Parameter scale: Pixels of what is painted for one of the standard picture.
    /// - Returns: Pixels of what is painted.
    func strokeRadius(scale: Double) -> Int { Int((strokes * min(scale, 2)).rounded()) }

    /// Whether all numbers are the same.
    public static func == (one: DrawnStyle, other: DrawnStyle) -> Bool {
        one.network == other.network && one.eyes == other.eyes && one.eyeHeight == other.eyeHeight
            && one.lashes == other.lashes && one.brows == other.brows && one.jaw == other.jaw && one.line == other.line
            && one.lineColour == other.lineColour && one.backgroundLines == other.backgroundLines
            && one.shadow == other.shadow && one.blush == other.blush && one.hairTones == other.hairTones
            && one.strokes == other.strokes && one.background == other.background && one.saturation == other.saturation
            && one.glow == other.glow
            && one.hair == other.hair && one.irises == other.irises
    }
}
