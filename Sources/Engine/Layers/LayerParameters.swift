import CKernels

/// Where the parameters of one layer lie in the mapped file.
enum LayerParameters: Sendable {
    case products(ProductParameters)
    case pointwise(PointwiseParameters)
    case attention(AttentionParameters)
    case lookup(LookupParameters)
    /// An enlargement has none.
    case none
}

/// The parameters of a convolution, dense or depthwise, and what a look at them told.
///
/// `@unchecked Sendable`: the pointers lead into a read-only mapping that the model file keeps alive.
struct ProductParameters: @unchecked Sendable {
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
    /// The sum of each output channel's weights, in the order of `bias`: 128 of them turn a bias for signed storage
    /// into one for unsigned storage.
    let weightSums: [Int32]
}

extension LayerParameters {
    struct Reader {
        let bytes: UnsafeRawBufferPointer
        let container: SafeTensors
        let graph: Graph

        typealias Failure = SafeTensors.Failure

        func parameters(of layer: Graph.Layer) throws(Failure) -> LayerParameters {
            switch layer.kind {
            case .convolution, .depthwise: .products(try products(of: layer))
            case .pointwise: .pointwise(try pointwise(of: layer))
            case .attention: .attention(try attention(of: layer))
            case .lookup: .lookup(try lookup(of: layer))
            case .resize: .none
            }
        }

        private func products(of layer: Graph.Layer) throws(Failure) -> ProductParameters {
            let channels = graph.groupChannels(of: layer)
            let entries = roundUp(channels, to: 16)
            let total = entries * layer.rowGroups
            let window = layer.kernel.height * layer.kernel.width
            let depth: Int
            let groupStride: Int
            if layer.kind == .convolution {
                depth = layer.kernel.height * graph.paddedSegment(of: layer)
                // The last block is 8 wide when 8 or fewer channels remain.
                groupStride = roundUp(roundUp(channels, to: 8) * depth, to: SafeTensors.alignment)
            } else {
                depth = window
                groupStride = roundUp(entries * window, to: SafeTensors.alignment)
            }
            let weights = try tensor("\(layer.name).weights", .int8, groupStride * layer.rowGroups).assumingInt8
            let bias = try tensor("\(layer.name).bias", .int32, total).bindMemory(to: Int32.self)
            let scale = try tensor("\(layer.name).scale", .float32, total).bindMemory(to: Float.self)
            let residualScale =
                layer.residual == nil
                ? nil
                : try tensor("\(layer.name).residual_scale", .float32, total).bindMemory(to: Float.self)
            guard bias.allSatisfy({ $0.magnitude <= 1 << 29 }) else {
                throw Failure("a bias of '\(layer.name)' exceeds 2^29")
            }
            guard scale.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
                throw Failure("a scale of '\(layer.name)' lies outside 0 to 1")
            }
            guard residualScale?.allSatisfy({ $0 >= 0 && $0 <= 64 }) ?? true else {
                throw Failure("a residual scale of '\(layer.name)' lies outside 0 to 64")
            }
            var sums = [Int32](repeating: 0, count: total)
            var laneProducts: Int32 = 8
            for group in 0..<layer.rowGroups {
                let survey = survey(layer, channels, weights, group * groupStride, &sums, group * entries)
                guard !survey.holds_minus_128 else { throw Failure("a weight of '\(layer.name)' is -128") }
                laneProducts = min(laneProducts, survey.lane_products)
                try checkPadding(layer, channels, weights, group * groupStride)
            }
            return ProductParameters(
                weights: weights, bias: bias, scale: scale, residualScale: residualScale, groupStride: groupStride,
                groupEntries: entries, laneProducts: laneProducts, weightSums: sums)
        }

        /// A row of the window is rounded up to groups of four; what its last weights would see there are other pixels,
        /// or anything at all, so they have to be zero.
        private func checkPadding(
            _ layer: Graph.Layer, _ channels: Int, _ weights: UnsafeBufferPointer<Int8>, _ start: Int
        ) throws(Failure) {
            let segment = graph.paddedSegment(of: layer)
            let used = layer.kernel.width * graph.tensors[layer.input].channels % 4
            guard layer.kind == .convolution, used > 0 else { return }
            for first in stride(from: 0, to: channels, by: 16) {
                let width = channels - first <= 8 ? 8 : 16
                let block = start + first * layer.kernel.height * segment
                for row in 1...layer.kernel.height {
                    let lastGroup = block + (row * segment / 4 - 1) * width * 4
                    for channel in 0..<width {
                        guard (used..<4).allSatisfy({ weights[lastGroup + channel * 4 + $0] == 0 }) else {
                            throw Failure("a weight of '\(layer.name)' lies outside its window")
                        }
                    }
                }
            }
        }

        private func survey(
            _ layer: Graph.Layer, _ channels: Int, _ weights: UnsafeBufferPointer<Int8>, _ start: Int,
            _ sums: inout [Int32], _ firstSum: Int
        ) -> ck_survey {
            let packed = UnsafeBufferPointer(rebasing: weights[start...]).baseAddress
            return sums.withUnsafeMutableBufferPointer { sums in
                let into = UnsafeMutableBufferPointer(rebasing: sums[firstSum...]).baseAddress
                if layer.kind == .depthwise {
                    return ck_survey_depthwise(
                        packed, Int32(channels), Int32(layer.kernel.height * layer.kernel.width), into)
                }
                return ck_survey_convolution(
                    packed, Int32(channels), Int32(layer.kernel.height), Int32(graph.paddedSegment(of: layer)), into)
            }
        }

        /// The zero points of each tensor, one per channel; zeros where the file gives none.
        func zeroPoints() throws(Failure) -> [[Int8]] {
            var result: [[Int8]] = []
            for value in graph.tensors {
                let name = "\(value.name).zero_point"
                if container.entries[name] == nil {
                    result.append([Int8](repeating: 0, count: value.channels))
                } else {
                    let points = try tensor(name, .int8, roundUp(value.channels, to: SafeTensors.alignment))
                        .assumingInt8
                    result.append(Array(points.prefix(value.channels)))
                }
            }
            return result
        }

        func tensor(
            _ name: String, _ type: SafeTensors.ElementType, _ count: Int
        ) throws(Failure) -> UnsafeRawBufferPointer {
            guard let entry = container.entries[name] else { throw Failure("its tensor '\(name)' is missing") }
            guard entry.type == type, entry.count == count else {
                throw Failure(
                    "its tensor '\(name)' has \(entry.count) elements of type \(entry.type.rawValue); "
                        + "the graph needs \(count) of type \(type.rawValue)")
            }
            return UnsafeRawBufferPointer(rebasing: bytes[entry.bytes])
        }
    }
}

extension UnsafeRawBufferPointer {
    var assumingInt8: UnsafeBufferPointer<Int8> { bindMemory(to: Int8.self) }
}

/// `value` rounded up to a multiple of `multiple`.
func roundUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
