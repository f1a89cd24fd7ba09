import Glibc

/// How close two pictures of the same size are.
public struct PictureQuality: Sendable, Equatable {
    /// Peak signal-to-noise ratio over all samples of all three channels, in dB for a peak of 255; infinite for equal
    /// pictures.
    public let psnr: Double
    /// Mean structural similarity of the luma (BT.601: 0.299 R + 0.587 G + 0.114 B) with an 11x11 Gaussian window of sigma
    /// 1.5, K1 = 0.01, K2 = 0.03 and a range of 255, over all windows that lie inside the picture; 1 for equal pictures.
    /// In pictures with a side shorter than 11 the window is cut to the side.
    public let ssim: Double

    /// Compares `picture` with `reference`, both 8-bit RGB. Throws `ImportError` when their sizes differ.
    public init(of picture: CalibrationPicture, against reference: CalibrationPicture) throws(ImportError) {
        let samples = reference.rgb.map { Float($0) }
        try self.init(picture, width: reference.width, height: reference.height, samples: samples)
    }

    /// Compares an 8-bit picture with real numbers in [-1, 1], whose fractions of a sample count as well. Throws
    /// `ImportError` when the sizes differ.
    public init(of picture: CalibrationPicture, against reference: FloatPicture) throws(ImportError) {
        let samples = reference.values.map { ($0 + 1) * 127.5 }
        try self.init(picture, width: reference.width, height: reference.height, samples: samples)
    }

    private init(_ picture: CalibrationPicture, width: Int, height: Int, samples: [Float]) throws(ImportError) {
        guard picture.width == width, picture.height == height else {
            throw ImportError(
                "pictures of \(picture.width)x\(picture.height) and \(width)x\(height) pixels cannot be compared")
        }
        var squares = 0.0
        for (sample, wanted) in zip(picture.rgb, samples) {
            let difference = Double(sample) - Double(wanted)
            squares += difference * difference
        }
        psnr = squares == 0 ? .infinity : 10 * log10(255 * 255 * Double(samples.count) / squares)
        ssim = StructuralSimilarity(width: width, height: height)
            .mean(Self.luma(picture.rgb.map { Float($0) }), Self.luma(samples))
    }

    private static func luma(_ rgb: [Float]) -> [Double] {
        stride(from: 0, to: rgb.count, by: 3).map { first -> Double in
            let red = Double(rgb[first])
            let green = Double(rgb[first + 1])
            let blue = Double(rgb[first + 2])
            return 0.299 * red + 0.587 * green + 0.114 * blue
        }
    }
}

/// The structural similarity index of Wang et al. on one plane of samples from 0 to 255.
private struct StructuralSimilarity {
    let width: Int
    let height: Int

    func mean(_ first: [Double], _ second: [Double]) -> Double {
        let firstMean = blurred(first)
        let secondMean = blurred(second)
        let firstPower = blurred(first.map { $0 * $0 })
        let secondPower = blurred(second.map { $0 * $0 })
        let product = blurred(zip(first, second).map { $0 * $1 })
        let c1 = (0.01 * 255) * (0.01 * 255)
        let c2 = (0.03 * 255) * (0.03 * 255)
        var sum = 0.0
        for index in firstMean.indices {
            let means = firstMean[index] * secondMean[index]
            let squares = firstMean[index] * firstMean[index] + secondMean[index] * secondMean[index]
            let variances = firstPower[index] + secondPower[index] - squares
            let covariance = product[index] - means
            sum += (2 * means + c1) * (2 * covariance + c2) / ((squares + c1) * (variances + c2))
        }
        return sum / Double(firstMean.count)
    }

    /// The Gaussian average of every window that lies inside the plane.
    private func blurred(_ plane: [Double]) -> [Double] {
        let across = Self.window(Swift.min(11, width))
        let down = Self.window(Swift.min(11, height))
        let columns = width - across.count + 1
        let rows = height - down.count + 1
        var lines = [Double](repeating: 0, count: height * columns)
        for y in 0..<height {
            for x in 0..<columns {
                var sum = 0.0
                for tap in across.indices { sum += across[tap] * plane[y * width + x + tap] }
                lines[y * columns + x] = sum
            }
        }
        var result = [Double](repeating: 0, count: rows * columns)
        for y in 0..<rows {
            for tap in down.indices {
                for x in 0..<columns { result[y * columns + x] += down[tap] * lines[(y + tap) * columns + x] }
            }
        }
        return result
    }

    /// `count` weights of a Gaussian with sigma 1.5 that add up to 1.
    private static func window(_ count: Int) -> [Double] {
        let weights = (0..<count).map { index in
            let distance = Double(index) - Double(count - 1) / 2
            return exp(-distance * distance / (2 * 1.5 * 1.5))
        }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}
