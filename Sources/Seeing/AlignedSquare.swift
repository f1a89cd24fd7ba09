import Imaging

/// A square of a picture that may be turned and may lie partly outside: what a network is shown of a face or an eye, so
/// that it stands upright there.
public struct AlignedSquare: Equatable, Sendable {
    /// Its centre, in pixels of the picture.
    public let centre: PicturePoint
    /// The length of its sides in pixels of the picture.
    public let side: Double
    /// The direction of its upper edge, of length 1.
    public let direction: PicturePoint
    /// Whether left and right are exchanged inside.
    public let isMirrored: Bool

    /// Makes a square whose upper edge points along `direction`, which may have any length.
    ///
    /// Nil when there is no such square: a side or a direction of no length, or a number that is none.
    public init?(centre: PicturePoint, side: Double, along direction: PicturePoint, isMirrored: Bool = false) {
        let length = direction.length
        let numbers = [centre.x, centre.y, side, length]
        guard side > 0, length > 0, numbers.allSatisfy({ abs($0) < 1e6 }) else { return nil }
        self.centre = centre
        self.side = side
        self.direction = direction * (1 / length)
        self.isMirrored = isMirrored
    }

    /// The square in a picture that is `across` times as wide and `down` times as high, both of them more than 0 and nearly
    /// the same, and that begins `offset` pixels further right and down.
    public func scaled(across: Double, down: Double, from offset: PicturePoint = PicturePoint(x: 0, y: 0)) -> Self {
        AlignedSquare(
            centre: PicturePoint(x: centre.x * across - offset.x, y: centre.y * down - offset.y),
            side: side * (across + down) / 2, direction: direction, isMirrored: isMirrored)
    }

    private init(centre: PicturePoint, side: Double, direction: PicturePoint, isMirrored: Bool) {
        self.centre = centre
        self.side = side
        self.direction = direction
        self.isMirrored = isMirrored
    }

    /// The place in the picture of a place in the square, whose corners are (0, 0) and (1, 1).
    public func picturePoint(_ x: Double, _ y: Double) -> PicturePoint {
        let right = (isMirrored ? 0.5 - x : x - 0.5) * side
        let down = (y - 0.5) * side
        return PicturePoint(
            x: centre.x + direction.x * right - direction.y * down,
            y: centre.y + direction.y * right + direction.x * down)
    }

    /// Fills `row` with row `y` of the square's picture of `pixels` x `pixels`, 3 bytes a pixel.
    ///
    /// Samples are interpolated between the four pixels around them, several to a pixel where the square is shown smaller
    /// than it is. Outside the picture its outermost pixels go on. All is done in whole numbers once the places are known,
    /// and those come from additions and products alone, so every processor makes the same bytes.
    public func fillRow(_ y: Int, of pixels: Int, from image: RGBImage, into row: inout MutableSpan<UInt8>) {
        let source = image.bytes.span
        // Two pixels of the picture between samples leave nothing out, as each looks at two.
        let samples = min(max(Int((side / Double(pixels) / 2).rounded(.up)), 1), 8)
        let step = 1 / Double(pixels * samples)
        let (lastX, lastY) = (Double(image.width - 1), Double(image.height - 1))
        let count = samples * samples
        for x in 0..<pixels {
            var red = 0
            var green = 0
            var blue = 0
            for sample in 0..<count {
                let place = picturePoint(
                    (Double(x * samples + sample % samples) + 0.5) * step,
                    (Double(y * samples + sample / samples) + 0.5) * step)
                // In 256ths of a pixel, from the centre of the first one.
                let across = Int(min(max(place.x - 0.5, 0), lastX) * 256)
                let down = Int(min(max(place.y - 0.5, 0), lastY) * 256)
                let (left, top) = (across >> 8, down >> 8)
                let (right, bottom) = (min(left + 1, image.width - 1), min(top + 1, image.height - 1))
                let (toRight, toBottom) = (across & 255, down & 255)
                let upper = 3 * top * image.width
                let lower = 3 * bottom * image.width
                func add(_ at: Int, _ weight: Int) {
                    red += weight * Int(source[at])
                    green += weight * Int(source[at + 1])
                    blue += weight * Int(source[at + 2])
                }
                add(upper + 3 * left, (256 - toRight) * (256 - toBottom))
                add(upper + 3 * right, toRight * (256 - toBottom))
                add(lower + 3 * left, (256 - toRight) * toBottom)
                add(lower + 3 * right, toRight * toBottom)
            }
            let whole = count << 16
            row[3 * x] = UInt8((red + whole / 2) / whole)
            row[3 * x + 1] = UInt8((green + whole / 2) / whole)
            row[3 * x + 2] = UInt8((blue + whole / 2) / whole)
        }
    }
}

extension PicturePoint {
    static func + (one: PicturePoint, other: PicturePoint) -> PicturePoint {
        PicturePoint(x: one.x + other.x, y: one.y + other.y)
    }

    static func - (one: PicturePoint, other: PicturePoint) -> PicturePoint {
        PicturePoint(x: one.x - other.x, y: one.y - other.y)
    }

    static func * (point: PicturePoint, factor: Double) -> PicturePoint {
        PicturePoint(x: point.x * factor, y: point.y * factor)
    }

    /// How far it lies from the origin.
    var length: Double { (x * x + y * y).squareRoot() }
}
