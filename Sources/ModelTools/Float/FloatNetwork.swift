import Platform

/// A network in float32, as it was imported: what the 8-bit network is judged by.
public struct FloatNetwork: Sendable {
    package let graph: FloatGraph
    /// The sides of pictures must be multiples of this.
    public let sideMultiple: Int

    /// Reads the ONNX file at `path`. Throws `ImportError`.
    public init(path: String) throws(ImportError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileContent.bytes(of: path, upTo: OnnxReader.largestFile + 1)
        } catch {
            throw ImportError("\(path) cannot be read: \(error)")
        }
        guard bytes.count <= OnnxReader.largestFile else {
            throw ImportError("\(path) is larger than \(OnnxReader.largestFile >> 20) MB, the most that is allowed")
        }
        try self.init(bytes: bytes, label: path)
    }

    /// Reads an ONNX file from memory; `label` names it in errors. Throws `ImportError`.
    public init(bytes: [UInt8], label: String) throws(ImportError) {
        graph = try OnnxReader.read(bytes, label: label)
        do throws(ImportError) {
            sideMultiple = try graph.sideMultiple()
        } catch {
            throw ImportError("\(label): \(error)")
        }
    }

    /// Runs the network on `picture`, whose sides must be multiples of `sideMultiple`. Returns the result limited to
    /// [-1, 1]. Throws `ImportError` when the size does not fit or OpenBLAS is missing.
    public func run(_ picture: CalibrationPicture) throws(ImportError) -> FloatPicture {
        var result = try run(picture.featureMap)
        result.clip(to: -1...1)
        return FloatPicture(width: result.shape.width, height: result.shape.height, values: result.values)
    }

    /// Runs the network on `values`, `height` x `width` x 3 numbers in [-1, 1], row by row and pixel by pixel; the result
    /// has the same layout and is what the network makes, not limited. Throws `ImportError`.
    public func run(_ values: [Float], height: Int, width: Int) throws(ImportError) -> [Float] {
        guard height > 0, width > 0, height <= 1 << 16, width <= 1 << 16, values.count == height * width * 3 else {
            throw ImportError("\(values.count) numbers are not a picture of \(height)x\(width)x3")
        }
        return try run(FloatMap(shape: FeatureShape(height: height, width: width, channels: 3), values: values)).values
    }

    private func run(_ map: FloatMap) throws(ImportError) -> FloatMap {
        guard map.shape.height % sideMultiple == 0, map.shape.width % sideMultiple == 0 else {
            throw ImportError(
                "the network takes sides that are multiples of \(sideMultiple), not \(map.shape.height)x\(map.shape.width)"
            )
        }
        return try graph.run(map)
    }

    /// About the bytes that making the network 8-bit takes per picture of `height` x `width`, multiples of `sideMultiple`:
    /// the tensors that are alive at the largest layer, in float32 and in 8 bits, and the layer's results three times.
    public func calibrationBytes(height: Int, width: Int) throws(ImportError) -> Int {
        let shapes = try graph.shapes(height: height, width: width)
        return graph.nodes.reduce(0) { most, node in
            let inputs = node.inputs.reduce(0) { $0 + shapes[$1].count }
            return max(most, 5 * inputs + 17 * shapes[node.output].count)
        }
    }

    /// Multiplications and additions for a picture of `height` x `width`, multiples of `sideMultiple`.
    public func multiplyAdds(height: Int, width: Int) throws(ImportError) -> Int {
        try graph.multiplyAdds(height: height, width: width)
    }
}

/// A picture of real numbers in [-1, 1], `height` x `width` x 3, row by row and pixel by pixel.
public struct FloatPicture: Sendable {
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// The numbers.
    public let values: [Float]

    /// `values` must hold `width` x `height` x 3 numbers.
    package init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height * 3)
        self.width = width
        self.height = height
        self.values = values
    }

    /// The numbers as samples from 0 to 255, rounded to the nearest.
    public var rgb: [UInt8] {
        values.map { UInt8(Swift.min(Swift.max(($0 + 1) * 127.5, 0), 255).rounded()) }
    }
}
