import Platform

/// A network in float32, as it was imported: what the 8-bit network is judged by.
public struct FloatNetwork: Sendable {
    package let graph: FloatGraph
    /// The sides of pictures must be multiples of this.
    public let sideMultiple: Int
    /// The side of the only pictures that it takes, for a network that takes but one size.
    public var onlySide: Int? { sideMultiple == graph.statedSize?.height ? sideMultiple : nil }
    /// How many times as large as what it sees the picture is that it makes, 1 or 2; nil for a network that makes no
    /// picture.
    public let paintingScale: Int?
    /// The names of what it makes.
    public var outputNames: [String] { graph.outputs.map(\.name) }

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
            paintingScale = graph.paintingScale(sideMultiple: sideMultiple)
        } catch {
            throw ImportError("\(label): \(error)")
        }
    }

    /// Runs the network on `picture`, whose sides must be multiples of `sideMultiple`. Returns the picture that it makes,
    /// limited to [-1, 1]. Throws `ImportError` when it makes none, the size does not fit or OpenBLAS is missing.
    public func run(_ picture: CalibrationPicture) throws(ImportError) -> FloatPicture {
        guard paintingScale != nil else { throw ImportError("the network does not paint: it makes no RGB picture") }
        var result = try run(picture.featureMap)[0]
        result.clip(to: -1...1)
        return FloatPicture(width: result.shape.width, height: result.shape.height, values: result.values)
    }

    /// What a network makes under one name: `height` x `width` x `channels` numbers, row by row and pixel by pixel.
    public struct Result: Sendable {
        /// The name in the file.
        public let name: String
        /// In pixels.
        public let height: Int
        /// In pixels.
        public let width: Int
        /// Numbers of a pixel.
        public let channels: Int
        /// The numbers.
        public let values: [Float]
    }

    /// Runs the network on `values`, `height` x `width` x 3 numbers in [-1, 1], row by row and pixel by pixel; the first
    /// output has the same layout and is what the network makes, not limited. Throws `ImportError`.
    public func run(_ values: [Float], height: Int, width: Int) throws(ImportError) -> [Float] {
        try results(of: values, height: height, width: width)[0].values
    }

    /// Runs the network as ``run(_:height:width:)`` does and returns all outputs. Throws `ImportError`.
    public func results(of values: [Float], height: Int, width: Int) throws(ImportError) -> [Result] {
        guard height > 0, width > 0, height <= 1 << 16, width <= 1 << 16, values.count == height * width * 3 else {
            throw ImportError("\(values.count) numbers are not a picture of \(height)x\(width)x3")
        }
        let shape = FeatureShape(height: height, width: width, channels: 3)
        return zip(outputNames, try run(FloatMap(shape: shape, values: values))).map { name, map in
            Result(
                name: name, height: map.shape.height, width: map.shape.width, channels: map.shape.channels,
                values: map.values)
        }
    }

    private func run(_ map: FloatMap) throws(ImportError) -> [FloatMap] {
        if let onlySide, map.shape.height != onlySide || map.shape.width != onlySide {
            throw ImportError(
                "the network takes pictures of \(onlySide)x\(onlySide), not \(map.shape.width)x\(map.shape.height)")
        }
        guard map.shape.height % sideMultiple == 0, map.shape.width % sideMultiple == 0 else {
            throw ImportError(
                "the network takes sides that are multiples of \(sideMultiple), not \(map.shape.height)x\(map.shape.width)"
            )
        }
        return try graph.results(of: map)
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

    /// The side of the smallest square picture that it takes of `side` pixels and more, or of the only one.
    public func side(near side: Int) -> Int {
        onlySide ?? (side + sideMultiple - 1) / sideMultiple * sideMultiple
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
