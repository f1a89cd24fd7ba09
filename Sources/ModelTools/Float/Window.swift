/// What is added around a feature map before a window moves over it, in pixels.
package struct Padding: Hashable, Sendable {
    package var top: Int
    package var left: Int
    package var bottom: Int
    package var right: Int

    package init(top: Int, left: Int, bottom: Int, right: Int) {
        self.top = top
        self.left = left
        self.bottom = bottom
        self.right = right
    }

    package init(_ all: Int) {
        self.init(top: all, left: all, bottom: all, right: all)
    }

    package var isNone: Bool { self == Padding(0) }
}

/// What a pixel outside a feature map is.
package enum Border: Sendable {
    /// Zero in every channel.
    case zero
    /// The pixel as far inside as the padding pixel is outside; the outermost pixels are the mirror and not repeated.
    case reflect
    /// The smallest value, as for a pooling.
    case lowest

    /// The index inside 0 ..< count that `index`, fewer than `count` steps outside, is the mirror image of.
    @inline(__always)
    package static func reflect(_ index: Int, _ count: Int) -> Int {
        let positive = index < 0 ? -index : index
        return positive < count ? positive : 2 * (count - 1) - positive
    }
}

/// The window of a convolution: its size, step and the padding around its input, each as height, width.
package struct Window: Equatable, Sendable {
    package var height: Int
    package var width: Int
    package var strideY: Int
    package var strideX: Int
    package var padding: Padding
    /// What the padding holds.
    package var border: Border

    package init(
        height: Int, width: Int, strideY: Int = 1, strideX: Int = 1, padding: Padding = Padding(0),
        border: Border = .zero
    ) {
        self.height = height
        self.width = width
        self.strideY = strideY
        self.strideX = strideX
        self.padding = padding
        self.border = border
    }

    package static let single = Window(height: 1, width: 1)

    package var taps: Int { height * width }
    package var isSingle: Bool { self == .single }

    /// The number of rows and columns that come out of `height` x `width` pixels, or nil when the window does not fit.
    package func outputSize(height inputHeight: Int, width inputWidth: Int) -> (height: Int, width: Int)? {
        let spareY = inputHeight + padding.top + padding.bottom - height
        let spareX = inputWidth + padding.left + padding.right - width
        guard spareY >= 0, spareX >= 0 else { return nil }
        return (spareY / strideY + 1, spareX / strideX + 1)
    }

    /// Whether the border is defined for `height` x `width` pixels: a mirror image is smaller than what it mirrors.
    package func bordersFit(height inputHeight: Int, width inputWidth: Int) -> Bool {
        border != .reflect
            || (max(padding.top, padding.bottom) < inputHeight && max(padding.left, padding.right) < inputWidth)
    }

    /// The size of the result on a `shape` from which it makes `channels` per pixel; the window must fit.
    func output(of shape: FeatureShape, channels: Int) -> FeatureShape {
        let size = outputSize(height: shape.height, width: shape.width) ?? (0, 0)
        return FeatureShape(height: size.height, width: size.width, channels: channels)
    }
}

extension FeatureMap {
    /// Writes what the window sees at output pixel (`y`, `x`) to `output`: rows of the window one after another, each
    /// [column][channel], as float32. `fill` holds what stands for one padding pixel where the border is not reflected.
    @inline(__always)
    static func gather(
        _ input: UnsafePointer<Value>, _ shape: FeatureShape, _ window: Window, y: Int, x: Int,
        fill: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>
    ) {
        let channels = shape.channels
        let left = x * window.strideX - window.padding.left
        let first = max(0, -left)
        let last = min(window.width, shape.width - left)
        let reflects = window.border == .reflect
        for windowRow in 0..<window.height {
            var row = y * window.strideY + windowRow - window.padding.top
            if reflects { row = Border.reflect(row, shape.height) }
            let target = output + windowRow * window.width * channels
            let inside = row >= 0 && row < shape.height && first < last
            let begin = inside ? first : window.width
            let end = inside ? last : window.width
            if inside {
                let source = input + (row * shape.width + left + first) * channels
                let part = target + first * channels
                for index in 0..<(end - begin) * channels { part[index] = source[index].single }
            }
            guard begin > 0 || end < window.width else { continue }
            for column in 0..<window.width where column < begin || column >= end {
                if reflects {
                    let source = input + (row * shape.width + Border.reflect(left + column, shape.width)) * channels
                    for channel in 0..<channels { target[column * channels + channel] = source[channel].single }
                } else {
                    for channel in 0..<channels { target[column * channels + channel] = fill[channel] }
                }
            }
        }
    }
}
