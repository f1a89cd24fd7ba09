/// A picture of 8-bit RGB samples, rows from top to bottom without gaps.
public struct CalibrationPicture: Sendable {
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// `height` x `width` x 3 samples.
    public let rgb: [UInt8]

    /// Nil when `rgb` does not hold `width` x `height` x 3 samples or a side is not positive.
    public init?(width: Int, height: Int, rgb: [UInt8]) {
        guard width > 0, height > 0, width <= 1 << 16, height <= 1 << 16, rgb.count == width * height * 3 else {
            return nil
        }
        self.width = width
        self.height = height
        self.rgb = rgb
    }

    /// The picture as a network's input: samples / 127.5 - 1.
    package var featureMap: FloatMap {
        FloatMap(
            shape: FeatureShape(height: height, width: width, channels: 3), values: rgb.map { Float($0) / 127.5 - 1 })
    }

    /// The middle of the picture, with the largest sides that are multiples of `multiple`; nil when a side is shorter.
    func cropped(toMultiplesOf multiple: Int) -> CalibrationPicture? {
        let rows = height / multiple * multiple
        let columns = width / multiple * multiple
        if rows == height, columns == width { return self }
        let top = (height - rows) / 2
        let left = (width - columns) / 2
        let samples = (0..<rows).flatMap { row in
            let start = ((top + row) * width + left) * 3
            return rgb[start..<start + columns * 3]
        }
        return CalibrationPicture(width: columns, height: rows, rgb: samples)
    }
}
