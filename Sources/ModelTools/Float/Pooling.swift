extension FeatureMap where Value: Comparable {
    /// The largest value of each channel in each place of the window, which must fit; padding holds `lowest`.
    package func maxPooled(_ window: Window, lowest: Value) -> Self {
        let channels = shape.channels
        var output = Self(shape: window.output(of: shape, channels: channels))
        var at = 0
        for y in 0..<output.shape.height {
            for x in 0..<output.shape.width {
                let top = y * window.strideY - window.padding.top
                let left = x * window.strideX - window.padding.left
                let rows = max(0, top)..<max(0, top, min(shape.height, top + window.height))
                let columns = max(0, left)..<max(0, left, min(shape.width, left + window.width))
                for channel in 0..<channels {
                    var largest = lowest
                    for row in rows {
                        for column in columns {
                            largest = max(largest, values[(row * shape.width + column) * channels + channel])
                        }
                    }
                    output.values[at] = largest
                    at += 1
                }
            }
        }
        return output
    }
}
