import CKernels

/// The parameters of a convolution, dense or depthwise, where they lie in the mapped file, and what a look at them told.
///
/// `@unchecked Sendable`: the pointers lead into a read-only mapping that the model file keeps alive.
struct ConvolutionParameters: @unchecked Sendable {
    let weights: UnsafeBufferPointer<Int8>
    let bias: UnsafeBufferPointer<Int32>
    let scale: UnsafeBufferPointer<Float>
    let residualScale: UnsafeBufferPointer<Float>?
    /// Bytes between the packed weights of neighbouring row groups.
    let groupStride: Int
    /// Entries of bias and scales between neighbouring row groups.
    let groupEntries: Int
    /// See `lane_products` in `CKernels.h`.
    let laneProducts: Int32
    /// The sum of each output channel's weights, in the order of `bias`.
    let weightSums: [Int32]

    /// Reads what both kinds of convolution have. `groupBytes` is what the weights of a row group take; `survey` looks at
    /// those that begin at the pointer and writes their sums.
    init(
        _ layer: Graph.Layer, from reader: ParameterReader, groupBytes: Int,
        survey: (UnsafePointer<Int8>?, UnsafeMutablePointer<Int32>?) -> ck_survey
    ) throws(SafeTensors.Failure) {
        let name = layer.name
        groupStride = roundUp(groupBytes, to: SafeTensors.alignment)
        groupEntries = roundUp(reader.graph.groupChannels(of: layer), to: 16)
        let total = groupEntries * layer.rowGroups
        weights = try reader.int8s("\(name).weights", groupStride * layer.rowGroups)
        bias = try reader.int32s("\(name).bias", total)
        scale = try reader.float32s("\(name).scale", total)
        residualScale = layer.residual == nil ? nil : try reader.float32s("\(name).residual_scale", total)
        guard bias.allSatisfy({ $0.magnitude <= 1 << 29 }) else {
            throw .init("a bias of '\(name)' exceeds 2^29")
        }
        let most: Float = reader.graph.tensors[layer.output].isReal ? 1e9 : 1
        guard scale.allSatisfy({ $0 >= 0 && $0 <= most }) else {
            throw .init("a scale of '\(name)' lies outside 0 to \(most == 1 ? "1" : "10^9")")
        }
        guard residualScale?.allSatisfy({ $0 >= 0 && $0 <= 64 }) ?? true else {
            throw .init("a residual scale of '\(name)' lies outside 0 to 64")
        }
        var sums = [Int32](repeating: 0, count: total)
        var laneProducts: Int32 = 8
        for group in 0..<layer.rowGroups {
            let packed = UnsafeBufferPointer(rebasing: weights[(group * groupStride)...]).baseAddress
            let first = group * groupEntries
            let found = sums.withUnsafeMutableBufferPointer { sums in
                survey(packed, UnsafeMutableBufferPointer(rebasing: sums[first...]).baseAddress)
            }
            guard !found.holds_minus_128 else { throw .init("a weight of '\(name)' is -128") }
            laneProducts = min(laneProducts, found.lane_products)
        }
        self.laneProducts = laneProducts
        weightSums = sums
    }

    /// Biases for activations that are stored XOR `flip`: unsigned ones are 128 more than what they stand for, in every
    /// product. Empty for signed ones, for which the file's own will do.
    func biases(flip: UInt8) -> UnsafeMutableBufferPointer<Int32> {
        let biases = UnsafeMutableBufferPointer<Int32>.allocate(capacity: flip == 0 ? 0 : bias.count)
        for index in biases.indices {
            biases.initializeElement(at: index, to: bias[index] - 128 * weightSums[index])
        }
        return biases
    }
}

extension Graph {
    /// Checks that no sum can overflow.
    func checkDepth(of layer: Layer) throws(Failure) {
        let depth = layer.kernel.height * paddedSegment(of: layer)
        guard depth <= Limits.weightsPerChannel, groupChannels(of: layer) <= Limits.channels else {
            throw Failure("its layer '\(layer.name)' is larger than the engine takes")
        }
    }

    /// The bytes of one row of the window of a convolution, rounded up to groups of four.
    func paddedSegment(of layer: Layer) -> Int {
        (layer.kernel.width * tensors[layer.input].channels + 3) / 4 * 4
    }
}
