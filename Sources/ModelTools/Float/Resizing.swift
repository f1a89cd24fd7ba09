/// Makes a feature map larger by a whole factor in both directions.
package struct Resize: Equatable, Sendable {
    package enum Mode: Sendable {
        /// The weighted mean of the four nearest pixels.
        case bilinear
        /// The pixel that covers the place; `coordinates` do not matter.
        case nearest
    }

    /// Where in the input the pixel `x` of an output of `factor` times the width lies.
    package enum Coordinates: Sendable {
        /// x / factor
        case asymmetric
        /// x * (input width - 1) / (output width - 1)
        case alignCorners
        /// (x + 0.5) / factor - 0.5
        case halfPixel
    }

    package var mode: Mode
    package var coordinates: Coordinates
    /// 1 to 8.
    package var factor: Int

    package init(mode: Mode, coordinates: Coordinates, factor: Int) {
        self.mode = mode
        self.coordinates = coordinates
        self.factor = factor
    }

    /// For every pixel of an output line, the two pixels of the input line of `count` pixels that it is between, and the
    /// weight of the second one. What lies outside is the pixel at the edge.
    package func taps(_ count: Int) -> [(first: Int, second: Int, weight: Float)] {
        let outputs = count * factor
        return (0..<outputs).map { index in
            guard mode == .bilinear else { return (index / factor, index / factor, 0) }
            var place: Float
            switch coordinates {
            case .asymmetric: place = Float(index) / Float(factor)
            case .alignCorners: place = outputs > 1 ? Float(index) * Float(count - 1) / Float(outputs - 1) : 0
            case .halfPixel: place = (Float(index) + 0.5) / Float(factor) - 0.5
            }
            place = min(max(place, 0), Float(count - 1))
            let first = min(Int(place), count - 1)
            return (first, min(first + 1, count - 1), place - Float(first))
        }
    }
}

extension FeatureMap where Value == Float {
    package func resized(_ resize: Resize) -> FloatMap {
        let channels = shape.channels
        var output = FloatMap(
            shape: FeatureShape(
                height: shape.height * resize.factor, width: shape.width * resize.factor, channels: channels))
        let rows = resize.taps(shape.height)
        let columns = resize.taps(shape.width)
        let width = shape.width
        values.withUnsafeBufferPointer { source in
            output.values.withUnsafeMutableBufferPointer { target in
                var at = 0
                for row in rows {
                    for column in columns {
                        let upperLeft = (row.first * width + column.first) * channels
                        let upperRight = (row.first * width + column.second) * channels
                        let lowerLeft = (row.second * width + column.first) * channels
                        let lowerRight = (row.second * width + column.second) * channels
                        for channel in 0..<channels {
                            let upper =
                                source[upperLeft + channel] * (1 - column.weight)
                                + source[upperRight + channel] * column.weight
                            let lower =
                                source[lowerLeft + channel] * (1 - column.weight)
                                + source[lowerRight + channel] * column.weight
                            target[at + channel] = upper * (1 - row.weight) + lower * row.weight
                        }
                        at += channels
                    }
                }
            }
        }
        return output
    }
}
