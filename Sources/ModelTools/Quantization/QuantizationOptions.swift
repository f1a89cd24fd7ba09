/// How a network is made 8-bit. The standard values are the best that are known; the others show what each step is worth.
public struct QuantizationOptions: Sendable {
    /// How the range that an activation's 256 levels cover is chosen.
    public enum Ranges: Sendable {
        /// From the smallest to the largest value seen.
        case minMax
        /// Where the squared error of rounding and clipping together is least.
        case leastError
    }

    /// How weights become integers.
    public enum Rounding: Sendable {
        /// Each weight to the nearest level.
        case nearest
        /// Each weight so that the layer's error on the calibration pictures is least, given the others.
        case compensated
    }

    /// How activation ranges are chosen.
    public var ranges = Ranges.leastError
    /// How much more a squared error of clipping counts than one of rounding when the error is made least: what is
    /// clipped is off by much in places that a viewer looks at, and pictures differ in what they clip.
    public var clippingWeight = 8.0
    /// How weights are rounded.
    public var rounding = Rounding.compensated
    /// Whether the bias makes up for the mean error of a layer.
    public var correctsBias = true
    /// Whether real weights are fitted again to the 8-bit inputs that a layer really gets, before they are rounded.
    public var refitsWeights = true
    /// How strongly refitted weights are held to the original ones, relative to the inputs' power.
    public var refitDamping = 1e-2
    /// Whether a chart of pure colours joins the calibration pictures.
    public var usesColourChart = true
    /// How many products a kernel that sums in 16 bits may add before it widens: 2 (always holds), 4 or 8. On the students
    /// 8 costs less than 0.1 dB.
    public var laneProducts = 8
    /// How many pixels of each calibration picture a layer is fitted to.
    public var samplesPerPicture = 2048

    /// The standard values.
    public init() {}
}
