import Imaging

/// How sharp a picture is: the variance of the Laplacian of its brightness (Pech-Pacheco et al. 2000), which grows with
/// focus and falls with motion. Values compare among frames of one camera.
public enum Sharpness {
    /// The picture is looked at with its longest side about this many pixels long.
    private static let side = 320

    /// The sharpness of a frame; nil for one that cannot be decoded. A frame that is not compressed is looked at as it
    /// is, in its luma.
    public static func measure(_ frame: Frame) -> Double? {
        switch frame.pixels {
        case .jpeg(let bytes):
            guard
                let image = try? RGBImage.decode(.bytes(bytes, name: "frame \(frame.number)"), longestSide: side)
            else { return nil }
            return measure(image)
        case .yuyv(let width, let height, let bytes):
            return Luma(averaging: bytes, width, height, bytesPerPixel: 2, longestSide: side)?.laplacianVariance
        case .nv12(let width, let height, let bytes):
            return Luma(averaging: bytes, width, height, bytesPerPixel: 1, longestSide: side)?.laplacianVariance
        }
    }

    /// The same of a decoded picture; 0 for one of less than three pixels a side.
    package static func measure(_ image: RGBImage) -> Double { Luma(image).laplacianVariance }
}

/// Brightness, one value a pixel, 0 to 2040.
private struct Luma {
    private static let scale: Int32 = 8

    let width: Int
    let height: Int
    var values: [Int32]

    init(_ image: RGBImage) {
        (width, height) = (image.width, image.height)
        values = (0..<image.width * image.height).map { index in
            let (red, green, blue) = (image.bytes[3 * index], image.bytes[3 * index + 1], image.bytes[3 * index + 2])
            return 2 * Int32(red) + 5 * Int32(green) + Int32(blue)
        }
    }

    /// Means of squares of pixels, so that the longest side is at most `longestSide` and more than half of it where the
    /// picture is larger. The luma of a pixel is the first of its `bytesPerPixel` bytes. Nil when `bytes` are too few.
    init?(averaging bytes: [UInt8], _ fullWidth: Int, _ fullHeight: Int, bytesPerPixel: Int, longestSide: Int) {
        guard fullWidth > 0, fullHeight > 0, bytes.count >= fullWidth * fullHeight * bytesPerPixel else { return nil }
        let square = (max(fullWidth, fullHeight) + longestSide - 1) / longestSide
        (width, height) = (fullWidth / square, fullHeight / square)
        values = [Int32](repeating: 0, count: width * height)
        for y in 0..<height * square {
            let (source, target) = (y * fullWidth * bytesPerPixel, y / square * width)
            for x in 0..<width * square { values[target + x / square] += Int32(bytes[source + x * bytesPerPixel]) }
        }
        for index in values.indices { values[index] = values[index] * Self.scale / Int32(square * square) }
    }

    var laplacianVariance: Double {
        guard width > 2, height > 2 else { return 0 }
        var (sum, squares) = (0.0, 0.0)
        for y in 1..<height - 1 {
            for at in y * width + 1..<(y + 1) * width - 1 {
                let across: Int32 = values[at - 1] + values[at + 1]
                let down: Int32 = values[at - width] + values[at + width]
                let value = Double(4 * values[at] - across - down)
                sum += value
                squares += value * value
            }
        }
        let count = Double((width - 2) * (height - 2))
        return squares / count - (sum / count) * (sum / count)
    }
}
