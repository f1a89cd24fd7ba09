/// What is added around a feature map before a window moves over it, in pixels.
package struct Padding: Equatable, Sendable {
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

/// The window of a convolution: its size, step and the padding around its input, each as height, width.
package struct Window: Equatable, Sendable {
    package var height: Int
    package var width: Int
    package var strideY: Int
    package var strideX: Int
    package var padding: Padding

    package init(height: Int, width: Int, strideY: Int = 1, strideX: Int = 1, padding: Padding = Padding(0)) {
        self.height = height
        self.width = width
        self.strideY = strideY
        self.strideX = strideX
        self.padding = padding
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

    /// The size of the result on a `shape` from which it makes `channels` per pixel; the window must fit.
    func output(of shape: FeatureShape, channels: Int) -> FeatureShape {
        let size = outputSize(height: shape.height, width: shape.width) ?? (0, 0)
        return FeatureShape(height: size.height, width: size.width, channels: channels)
    }
}

extension FeatureMap {
    /// Writes what the window sees at output pixel (`y`, `x`) to `output`: rows of the window one after another, each
    /// [column][channel], as float32. `fill` holds what stands for one padding pixel.
    @inline(__always)
    static func gather(
        _ input: UnsafePointer<Value>, _ shape: FeatureShape, _ window: Window, y: Int, x: Int,
        fill: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>
    ) {
        let channels = shape.channels
        let left = x * window.strideX - window.padding.left
        let first = max(0, -left)
        let last = min(window.width, shape.width - left)
        for windowRow in 0..<window.height {
            let row = y * window.strideY + windowRow - window.padding.top
            let target = output + windowRow * window.width * channels
            let inside = row >= 0 && row < shape.height && first < last
            let begin = inside ? first : window.width
            let end = inside ? last : window.width
            for column in 0..<begin {
                for channel in 0..<channels { target[column * channels + channel] = fill[channel] }
            }
            if inside {
                let source = input + (row * shape.width + left + first) * channels
                let part = target + first * channels
                for index in 0..<(end - begin) * channels { part[index] = source[index].single }
            }
            for column in end..<window.width {
                for channel in 0..<channels { target[column * channels + channel] = fill[channel] }
            }
        }
    }
}
