/// Makes a network 8-bit, layer after layer, on calibration pictures.
///
/// The float network and the 8-bit one run side by side. Each layer gets the inputs that the 8-bit network really makes,
/// and its weights, biases and output ranges are chosen so that its result comes closest to the float network's: errors of
/// earlier layers are made up for as far as a later layer can see them.
package struct Quantizer {
    private let graph: LayerGraph
    private let options: QuantizationOptions
    private let padded: [Bool]
    private let lastUses: [Int]
    private var layers: [QuantizedLayer] = []
    private var tensors: [TensorQuantization]
    /// What each picture has in the tensors that are still needed.
    private var states: [State]
    /// Per layer, the signal-to-noise ratio of its output in dB.
    package private(set) var layerQuality: [Double] = []

    private struct State: Sendable {
        var real: [FloatMap?]
        var bytes: [ByteMap?]
    }

    private init(
        _ graph: LayerGraph, _ pictures: [CalibrationPicture], _ options: QuantizationOptions, _ input: InputConvention
    ) {
        self.graph = graph
        self.options = options
        padded = graph.paddedTensors()
        lastUses = graph.lastUses()
        tensors = [input.quantization]
        states = pictures.map { picture in
            var state = State(
                real: [FloatMap?](repeating: nil, count: graph.tensors.count),
                bytes: [ByteMap?](repeating: nil, count: graph.tensors.count))
            state.real[0] = picture.featureMap(range: input.range)
            state.bytes[0] = picture.byteMap
            return state
        }
    }

    /// The 8-bit network, and per layer the signal-to-noise ratio of its output against float32 in dB. `pictures` must have
    /// sides that are multiples of `graph.sideMultiple`. `progress` is told which layer is worked on.
    package static func quantize(
        _ graph: LayerGraph, pictures: [CalibrationPicture], options: QuantizationOptions,
        input: InputConvention = InputConvention(), progress: (_ layer: Int, _ of: Int, _ name: String) -> Void
    ) throws(ImportError) -> (network: QuantizedNetwork, layerQuality: [Double]) {
        try MatrixProduct.prepare()
        guard !pictures.isEmpty else { throw ImportError("there are no calibration pictures") }
        var quantizer = Quantizer(graph, pictures, options, input)
        for (index, layer) in graph.layers.enumerated() {
            progress(index, graph.layers.count, layer.name)
            if layer.kind.isProducts {
                try quantizer.quantize(layer, at: index)
            } else {
                quantizer.quantizePass(layer, at: index)
            }
        }
        return (
            QuantizedNetwork(graph: graph, layers: quantizer.layers, tensors: quantizer.tensors), quantizer.layerQuality
        )
    }

    private mutating func quantize(_ layer: Layer, at index: Int) throws(ImportError) {
        if padded[layer.output], let clip = layer.clip, !clip.contains(0) {
            throw ImportError(
                "layer '\(layer.name)' limits its result to \(clip), which leaves out 0, and a later layer pads it with 0"
            )
        }
        let targets = makeTargets(layer)
        let input = tensors[layer.input]
        let residual = layer.residual.map { tensors[$0].blocked(layer.rowGroups) }
        let solver = LayerSolver(layer: layer, input: input, options: options)
        var solved = try solver.solve(moments(layer, input, residual, targets))

        var quantized = QuantizedLayer(
            layer: layer, weights: solved.weights, bias: [Int32](repeating: 0, count: layer.channels), scale: [],
            residualScale: [], padding: input.padding)
        let states = states
        func accumulated(_ layer: QuantizedLayer) -> [[Int32]] {
            parallelMap(states.count) { states[$0].bytes[layer.layer.input].map { layer.accumulate($0) } ?? [] }
        }
        var sums = accumulated(quantized)
        if graph.tensors[layer.output].isReal {
            try quantized.setScales(solved, input: input)
            layers.append(quantized)
            tensors.append(TensorQuantization(scale: quantized.scale.map { Double($0) }, zeroPoint: []))
            return advance(quantized, sums: sums, targets: targets, at: index)
        }
        let (made, first) = (sums, solved)
        let results = parallelMap(states.count) { picture in
            Self.realResult(made[picture], layer, first, input, states[picture], residual)
        }
        let output = graph.isPicture(layer.output) ? .picture : ranges(of: results, layer, solved, residual)
        if solved.coarsen(layer, for: output.blocked(layer.rowGroups)) {
            quantized.weights = solved.weights
            sums = accumulated(quantized)
        }
        try quantized.setRequantization(solved, input: input, output: output, residual: residual)
        layers.append(quantized)
        tensors.append(output)
        advance(quantized, sums: sums, targets: targets, output: output, at: index)
    }

    /// What the float network makes of its own inputs, before clipping and before channels become blocks of pixels.
    private func makeTargets(_ layer: Layer) -> [FloatMap] {
        let states = states
        return parallelMap(states.count) { picture in
            let real = states[picture].real
            guard let input = real[layer.input] else {
                return FloatMap(shape: FeatureShape(height: 0, width: 0, channels: 0))
            }
            var target = layer.convolve(input)
            if let residual = layer.residual, let map = real[residual] {
                target.add(layer.rowGroups > 1 ? map.spaceToDepth(layer.rowGroups) : map)
            }
            return target
        }
    }

    private func moments(
        _ layer: Layer, _ input: TensorQuantization, _ residual: TensorQuantization?, _ targets: [FloatMap]
    ) -> LayerMoments {
        var total = LayerMoments(layer: layer)
        let states = states
        let samples = options.samplesPerPicture
        // A few pictures at a time: the moments of a large layer take much memory.
        for first in stride(from: 0, to: states.count, by: 8) {
            let parts = parallelMap(min(8, states.count - first)) { offset in
                let picture = first + offset
                var part = LayerMoments(layer: layer)
                guard let bytes = states[picture].bytes[layer.input] else { return part }
                let added = layer.residual.flatMap { states[picture].bytes[$0] }
                let sampler = PixelSampler(
                    layer: layer, input: input, target: targets[picture], samples: samples, seed: UInt64(picture))
                let (inputs, wanted) = sampler.sample(
                    bytes, residual: layer.rowGroups > 1 ? added?.spaceToDepth(layer.rowGroups) : added, residual)
                if layer.kind == .depthwise {
                    part.addDepthwise(inputs: inputs, targets: wanted)
                } else {
                    part.addDense(inputs: inputs, targets: wanted)
                }
                return part
            }
            for part in parts { total.add(part) }
        }
        return total
    }

    /// The real numbers that integer sums stand for, with bias and residual, before clipping.
    private static func realResult(
        _ sums: [Int32], _ layer: Layer, _ solved: SolvedLayer, _ input: TensorQuantization, _ state: State,
        _ residual: TensorQuantization?
    ) -> FloatMap {
        let channels = layer.channels
        let offsets = solved.offsets(layer, input)
        var shape = layer.window.output(
            of: state.bytes[layer.input]?.shape ?? FeatureShape(height: 0, width: 0, channels: 0), channels: channels)
        shape.channels = channels
        var result = FloatMap(shape: shape)
        let step = solved.step.map { Float($0) }
        let offset = offsets.map { Float($0) }
        for pixel in 0..<shape.pixels {
            for channel in 0..<channels {
                let at = pixel * channels + channel
                result.values[at] = Float(sums[at]) * step[channel] + offset[channel]
            }
        }
        if let residual, let index = layer.residual, let bytes = state.bytes[index] {
            result.add(residual.real(layer.rowGroups > 1 ? bytes.spaceToDepth(layer.rowGroups) : bytes))
        }
        return result
    }

    private func ranges(
        of results: [FloatMap], _ layer: Layer, _ solved: SolvedLayer, _ residual: TensorQuantization?
    ) -> TensorQuantization {
        let channels = layer.outputChannels
        var smallest = [Double](repeating: 0, count: channels)
        for channel in 0..<layer.channels {
            // One step of the sum must not be more than one of the result, one of the residual not much more.
            let needed = max(
                solved.weighs(channel, layer) ? solved.step[channel] : 0,
                (residual?.scale[channel] ?? 0) / Double(QuantizedLayer.largestResidualScale))
            smallest[channel % channels] = max(smallest[channel % channels], 1.0001 * needed)
        }
        if isScore(layer.output) {
            return .even(-6...6, channels: channels, smallestScale: smallest)
        }
        return RangeChooser(
            channels: channels, clip: layer.clip, isPadded: padded[layer.output], smallestScale: smallest,
            options: options, sharesScale: isAttended(layer.output)
        ).choose(results)
    }

    /// Stores what the float and the 8-bit layer make, frees what no later layer reads, and notes how far they differ.
    private mutating func advance(
        _ layer: QuantizedLayer, sums: [[Int32]], targets: [FloatMap], output: TensorQuantization, at index: Int
    ) {
        let old = states
        let geometry = layer.layer
        let made = parallelMap(old.count) { picture -> Made in
            var real = targets[picture]
            if let clip = geometry.clip { real.clip(to: clip) }
            if geometry.rowGroups > 1 { real = real.depthToSpace(geometry.rowGroups, order: .depthColumnRow) }
            let state = old[picture]
            let shape = state.bytes[geometry.input]?.shape ?? FeatureShape(height: 0, width: 0, channels: 0)
            let bytes = layer.finish(
                sums[picture], input: shape, residual: geometry.residual.flatMap { state.bytes[$0] })
            return Made(real: real, bytes: bytes, power: Self.power(real, output.real(bytes)))
        }
        store(made, of: geometry, at: index)
    }

    /// The same of a layer whose sums leave the network.
    private mutating func advance(_ layer: QuantizedLayer, sums: [[Int32]], targets: [FloatMap], at index: Int) {
        let old = states
        let made = parallelMap(old.count) { picture -> Made in
            let shape = old[picture].bytes[layer.layer.input]?.shape ?? FeatureShape(height: 0, width: 0, channels: 0)
            let power = Self.power(targets[picture], layer.reals(sums[picture], input: shape))
            return Made(real: targets[picture], bytes: nil, power: power)
        }
        store(made, of: layer.layer, at: index)
    }

    /// What a layer makes of one picture, in float32 and in 8 bits.
    private struct Made: Sendable {
        let real: FloatMap
        let bytes: ByteMap?
        let power: (signal: Double, noise: Double)
    }

    private mutating func store(_ made: [Made], of layer: Layer, at index: Int) {
        var signal = 0.0
        var noise = 1e-12
        for (picture, result) in made.enumerated() {
            states[picture].real[layer.output] = result.real
            states[picture].bytes[layer.output] = result.bytes
            signal += result.power.signal
            noise += result.power.noise
            for tensor in [layer.input] + layer.others where lastUses[tensor] <= index {
                states[picture].real[tensor] = nil
                states[picture].bytes[tensor] = nil
            }
        }
        layerQuality.append(10 * logarithm10(signal / noise))
    }

    /// Chooses what the output of a layer without products means, and so all its numbers.
    private mutating func quantizePass(_ layer: Layer, at index: Int) {
        let states = states
        let known = tensors
        let empty = FloatMap(shape: FeatureShape(height: 0, width: 0, channels: 0))
        let targets = parallelMap(states.count) { picture -> FloatMap in
            var target = states[picture].real[layer.input].map { layer.pass(over: $0) { states[picture].real[$0] } }
            if let clip = layer.clip { target?.clip(to: clip) }
            return target ?? empty
        }
        let input = tensors[layer.input]
        var output: TensorQuantization
        switch layer.kind {
        case _ where layer.kind.keepsQuantization: output = input
        case _ where graph.isPicture(layer.output): output = .picture
        case .function(.sigmoid) where isScore(layer.input): output = .even(0...1, channels: layer.outputChannels)
        default:
            let results = parallelMap(states.count) { picture in
                let real = { (tensor: Int) in states[picture].bytes[tensor].map { known[tensor].real($0) } }
                return real(layer.input).map { layer.pass(over: $0, real) } ?? empty
            }
            output = RangeChooser(
                channels: layer.outputChannels, clip: layer.clip, isPadded: padded[layer.output],
                smallestScale: [Double](repeating: 1e-9, count: layer.outputChannels), options: options,
                sharesScale: isAttended(layer.output)
            ).choose(results)
        }
        var reference: TensorQuantization?
        if case .pointwise(let pointwise) = layer.kind { reference = pointwise.reference.map { tensors[$0] } }
        if case .channelScale(let factors) = layer.kind { reference = tensors[factors] }
        let pass = PassSolver(
            layer: layer, input: input, residual: layer.residual.map { tensors[$0] }, reference: reference,
            output: output
        ).solve()
        let chosen = output
        let made = parallelMap(states.count) { picture -> Made in
            let state = states[picture]
            let shape = FeatureShape(height: 0, width: 0, channels: 0)
            let bytes = state.bytes[layer.input].map { pass.run(layer, over: $0) { state.bytes[$0] } }
            let made = bytes ?? ByteMap(shape: shape)
            return Made(real: targets[picture], bytes: made, power: Self.power(targets[picture], chosen.real(made)))
        }
        layers.append(QuantizedLayer(layer: layer, pass: pass))
        tensors.append(output)
        store(made, of: layer, at: index)
    }

    /// Whether an attention layer reads `tensor`: all its channels then have one scale.
    private func isAttended(_ tensor: Int) -> Bool {
        graph.layers.contains { layer in
            if case .attention = layer.kind { layer.input == tensor } else { false }
        }
    }

    /// Whether `tensor` becomes an output by a sigmoid: a score, which calibration pictures may hardly show at its highest,
    /// so that its range is not theirs.
    private func isScore(_ tensor: Int) -> Bool {
        !padded[tensor]
            && graph.layers.contains { layer in
                layer.input == tensor && layer.kind == .function(.sigmoid)
                    && graph.outputs.contains { $0.tensor == layer.output }
            }
    }

    private static func power(_ wanted: FloatMap, _ made: FloatMap) -> (signal: Double, noise: Double) {
        var signal = 0.0
        var noise = 0.0
        for (wanted, made) in zip(wanted.values, made.values) {
            signal += Double(wanted * wanted)
            noise += Double((wanted - made) * (wanted - made))
        }
        return (signal, noise)
    }
}
