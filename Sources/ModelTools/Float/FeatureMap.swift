/// The size of a feature map: `height` x `width` pixels of `channels` values.
package struct FeatureShape: Equatable, Sendable, CustomStringConvertible {
    package var height: Int
    package var width: Int
    package var channels: Int

    package init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
    }

    package var pixels: Int { height * width }
    package var count: Int { height * width * channels }
    package var description: String { "\(height)x\(width)x\(channels)" }
}

/// An element of a feature map: a real number, or an 8-bit activation.
package protocol FeatureValue: Sendable {
    static var zero: Self { get }
    /// The value as the float32 that matrix products work on.
    var single: Float { get }
}

extension Float: FeatureValue {
    package var single: Float { self }
}

extension Int8: FeatureValue {
    package var single: Float { Float(self) }
}

/// Values in rows from top to bottom, each row pixel by pixel, each pixel channel by channel (NHWC with N = 1).
package struct FeatureMap<Value: FeatureValue>: Sendable {
    package let shape: FeatureShape
    package var values: [Value]

    /// `values` must hold `shape.count` elements.
    package init(shape: FeatureShape, values: [Value]) {
        precondition(values.count == shape.count)
        self.shape = shape
        self.values = values
    }

    package init(shape: FeatureShape) {
        self.init(shape: shape, values: [Value](repeating: .zero, count: shape.count))
    }
}

package typealias FloatMap = FeatureMap<Float>
package typealias ByteMap = FeatureMap<Int8>
