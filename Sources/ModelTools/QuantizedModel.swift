/// A network that was made 8-bit, with its file.
public struct QuantizedModel: Sendable {
    package let network: QuantizedNetwork
    /// The model file.
    public let file: [UInt8]
    /// How it went.
    public let report: QuantizationReport

    /// Runs the network as the engine defines it, integer for integer, but slowly: the engine's results are judged by it.
    /// The sides of `picture` must be multiples of the network's `sideMultiple`. Throws `ImportError`.
    public func run(_ picture: CalibrationPicture) throws(ImportError) -> CalibrationPicture {
        try network.run(picture)
    }
}

/// How a network was made 8-bit.
public struct QuantizationReport: Sendable {
    /// One layer of the engine.
    public struct Layer: Sendable {
        /// The layer's name in the model file.
        public let name: String
        /// Its window and channels in words, for example `3x3 stride 2, 24 -> 48`.
        public let shape: String
        /// Weights and biases.
        public let parameters: Int
        /// Its output against float32 on the calibration pictures, in dB.
        public let signalToNoise: Double
    }

    /// In the order of execution.
    public let layers: [Layer]
    /// Weights and biases of the float network's layers, in all.
    public let parameters: Int
    /// Multiplications and additions for a picture of `side` x `side`.
    public let multiplyAdds: Int
    /// 512, or what the network takes in its place.
    public let side: Int
    /// Calibration pictures that were used; pictures that are smaller than one block of the network are left out.
    public let pictures: Int
}

extension FloatNetwork {
    /// Makes the network 8-bit. `pictures` should look like what it will be used on; 50 to 100 of a longest side around 450
    /// do well. `input` says what the network takes them as. Sides are cropped to multiples of `sideMultiple`. `progress` is told the number of layers done, of how many,
    /// and which layer is next. The same pictures and options give the same bytes.
    ///
    /// Throws `ImportError` when the engine has no way to run the network, when no picture can be used, or when OpenBLAS is
    /// missing.
    public func quantized(
        on pictures: [CalibrationPicture], as description: ModelDescription,
        options: QuantizationOptions = QuantizationOptions(), input: InputConvention = InputConvention(),
        progress: (_ done: Int, _ count: Int, _ layer: String) -> Void = { _, _, _ in }
    ) throws(ImportError) -> QuantizedModel {
        let graph = input.order == .rgb ? self.graph : try self.graph.withReversedInput()
        let lowered = try Lowering.lower(graph, sideMultiple: sideMultiple)
        func cropped(_ picture: CalibrationPicture) -> CalibrationPicture? {
            onlySide.map { picture.cropped(height: $0, width: $0) } ?? picture.cropped(toMultiplesOf: sideMultiple)
        }
        let usable = pictures.compactMap(cropped)
        guard !usable.isEmpty else {
            throw ImportError(
                "there are no calibration pictures of at least \(sideMultiple)x\(sideMultiple) pixels, and one is needed"
            )
        }
        let isNormalized = lowered.layers.contains { layer in
            if case .pointwise(let pointwise) = layer.kind { pointwise.statistics != nil } else { false }
        }
        let extremes =
            isNormalized
            ? stride(from: 0, to: usable.count, by: 4).compactMap {
                usable[$0].silhouette(sample: $0 % 8 == 0 ? 0 : 255)
            }
            : []
        let chart = options.usesColourChart ? CalibrationPicture.colourChart.flatMap(cropped) : nil
        let (network, quality) = try Quantizer.quantize(
            lowered, pictures: usable + [chart].compactMap { $0 } + extremes, options: options, input: input,
            progress: progress)
        let layers = zip(lowered.layers, quality).map { layer, quality in
            QuantizationReport.Layer(
                name: layer.name, shape: layer.summary(inputChannels: lowered.tensors[layer.input].channels),
                parameters: layer.weights.count + layer.bias.count, signalToNoise: quality)
        }
        let side = side(near: 512)
        let report = QuantizationReport(
            layers: layers, parameters: layers.reduce(0) { $0 + $1.parameters },
            multiplyAdds: try multiplyAdds(height: side, width: side), side: side, pictures: usable.count)
        return QuantizedModel(network: network, file: ModelFileWriter.write(network, description), report: report)
    }
}

extension Layer {
    fileprivate func summary(inputChannels: Int) -> String {
        guard kind.isProducts || kind == .maxPool else { return "\(kind.summary), \(outputChannels)" }
        let size =
            "\(kind == .depthwise ? "depthwise " : kind == .maxPool ? "largest of " : "")\(window.height)x\(window.width)"
        let step = window.strideX == 1 && window.strideY == 1 ? "" : " stride \(window.strideX)"
        let blocks = rowGroups == 1 ? "" : " in blocks of \(rowGroups)x\(rowGroups)"
        return "\(size)\(step), \(inputChannels) -> \(outputChannels)\(blocks)"
    }
}

extension Layer.Kind {
    /// A pass in words.
    fileprivate var summary: String {
        switch self {
        case .convolution, .depthwise, .maxPool: return ""
        case .resize(let resize): return "enlargement by \(resize.factor)"
        case .attention: return "attention"
        case .function(let function): return function.description
        case .globalAverage: return "mean of all pixels"
        case .channelScale: return "channels times factors"
        case .pointwise(let pointwise):
            var parts: [String] = []
            switch pointwise.statistics {
            case nil: break
            case .own(let normalization): parts.append("\(normalization.scope) normalization")
            case .adaptive: parts.append("adaptive normalization")
            }
            if pointwise.slope != 1 { parts.append("LeakyReLU") }
            return parts.isEmpty ? "addition" : parts.joined(separator: " and ")
        }
    }
}
