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
        cropped(height: height / multiple * multiple, width: width / multiple * multiple)
    }

    /// The middle of the picture, of this size; nil when it is smaller or the size is nothing.
    package func cropped(height rows: Int, width columns: Int) -> CalibrationPicture? {
        guard rows <= height, columns <= width else { return nil }
        if rows == height, columns == width { return self }
        let top = (height - rows) / 2
        let left = (width - columns) / 2
        let samples = (0..<rows).flatMap { row in
            let start = ((top + row) * width + left) * 3
            return rgb[start..<start + columns * 3]
        }
        return CalibrationPicture(width: columns, height: rows, rgb: samples)
    }

    /// The picture in haze, every channel an eighth as far from its mean, with something dark or bright in front of it
    /// that fills a tenth: what a normalization makes of the one is far from what it makes of the other.
    package func silhouette(sample: UInt8) -> CalibrationPicture? {
        var sums = [0, 0, 0]
        for (index, sample) in rgb.enumerated() { sums[index % 3] += Int(sample) }
        let means = sums.map { $0 / (width * height) }
        let samples = rgb.indices.map { index in
            let x = index / 3 % width
            let y = index / 3 / width
            if y >= height / 2, y < height * 7 / 10, x >= width / 2 { return sample / 8 * 7 + rgb[index] / 8 }
            return UInt8(means[index % 3] + (Int(rgb[index]) - means[index % 3]) / 8)
        }
        return CalibrationPicture(width: width, height: height, rgb: samples)
    }
}
