import CKernels

/// Where the parameters of one layer lie in the mapped file, and what a look at them told.
///
/// `@unchecked Sendable`: the pointers lead into a read-only mapping that the model file keeps alive.
struct LayerParameters: @unchecked Sendable {
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
            let channels = graph.groupChannels(of: layer)
            let entries = roundUp(channels, to: 16)
            let total = entries * layer.rowGroups
            let window = layer.kernel.height * layer.kernel.width
            let depth: Int
            let groupStride: Int
            switch layer.kind {
            case .convolution:
                depth = layer.kernel.height * graph.paddedSegment(of: layer)
                // The last block is 8 wide when 8 or fewer channels remain.
                groupStride = roundUp(roundUp(channels, to: 8) * depth, to: SafeTensors.alignment)
            case .depthwise:
                depth = window
                groupStride = roundUp(entries * window, to: SafeTensors.alignment)
            }
            let weights = try tensor("\(layer.name).weights", .int8, groupStride * layer.rowGroups).assumingInt8
            let bias = try tensor("\(layer.name).bias", .int32, total).bindMemory(to: Int32.self)
            let scale = try tensor("\(layer.name).scale", .float32, total).bindMemory(to: Float.self)
            let residualScale = layer.residual == nil
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
            guard !weights.contains(-128) else { throw Failure("a weight of '\(layer.name)' is -128") }
            return LayerParameters(
                weights: weights, bias: bias, scale: scale, residualScale: residualScale, groupStride: groupStride,
                groupEntries: entries,
                laneProducts: layer.kind == .convolution
                    ? laneProducts(weights, layer, channels: channels, depth: depth, groupStride: groupStride) : 2,
                weightSums: weightSums(weights, layer, channels: channels, depth: depth, groupStride: groupStride))
        }

        /// The zero points of each tensor, one per channel; zeros where the file gives none.
        func zeroPoints() throws(Failure) -> [[Int8]] {
            var result: [[Int8]] = []
            for value in graph.tensors {
                let name = "\(value.name).zero_point"
                if container.entries[name] == nil {
                    result.append([Int8](repeating: 0, count: value.channels))
                } else {
                    let points = try tensor(name, .int8, roundUp(value.channels, to: SafeTensors.alignment)).assumingInt8
                    result.append(Array(points.prefix(value.channels)))
                }
            }
            return result
        }

        private func tensor(
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

        /// Calls `body` with each block of packed weights: its first output channel (in the order of `bias`), its width
        /// in channels and its bytes.
        private func forEachBlock(
            _ weights: UnsafeBufferPointer<Int8>, _ layer: Graph.Layer, channels: Int, depth: Int, groupStride: Int,
            _ body: (_ channel: Int, _ width: Int, _ block: UnsafeBufferPointer<Int8>) -> Void
        ) {
            for group in 0..<layer.rowGroups {
                for first in stride(from: 0, to: channels, by: 16) {
                    let width = channels - first <= 8 ? 8 : 16
                    let start = group * groupStride + first * depth
                    body(
                        group * roundUp(channels, to: 16) + first, width,
                        UnsafeBufferPointer(rebasing: weights[start..<start + width * depth]))
                }
            }
        }

        private func weightSums(
            _ weights: UnsafeBufferPointer<Int8>, _ layer: Graph.Layer, channels: Int, depth: Int, groupStride: Int
        ) -> [Int32] {
            let entries = roundUp(channels, to: 16)
            var sums = [Int32](repeating: 0, count: entries * layer.rowGroups)
            sums.withUnsafeMutableBufferPointer { sums in
                if layer.kind == .depthwise {
                    for index in 0..<entries * depth { sums[index % entries] += Int32(weights[index]) }
                    return
                }
                forEachBlock(weights, layer, channels: channels, depth: depth, groupStride: groupStride) {
                    first, width, block in
                    for group in 0..<depth / 4 {
                        for lane in 0..<4 * width {
                            sums[first + lane / 4] += Int32(block[group * 4 * width + lane])
                        }
                    }
                }
            }
            return sums
        }

        private func laneProducts(
            _ weights: UnsafeBufferPointer<Int8>, _ layer: Graph.Layer, channels: Int, depth: Int, groupStride: Int
        ) -> Int32 {
            let segmentGroups = depth / layer.kernel.height / 4
            for products in [8, 4] {
                var fits = true
                forEachBlock(weights, layer, channels: channels, depth: depth, groupStride: groupStride) {
                    _, width, block in
                    guard fits else { return }
                    for segment in 0..<layer.kernel.height {
                        for run in stride(from: 0, to: segmentGroups, by: products) {
                            let groups = run..<min(run + products, segmentGroups)
                            for lane in 0..<4 * width {
                                var sum = 0
                                for group in groups {
                                    sum += Int(block[(segment * segmentGroups + group) * 4 * width + lane].magnitude)
                                }
                                if sum > 255 { fits = false }
                            }
                        }
                    }
                }
                if fits { return Int32(products) }
            }
            return 2
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var assumingInt8: UnsafeBufferPointer<Int8> { bindMemory(to: Int8.self) }
}

/// `value` rounded up to a multiple of `multiple`.
func roundUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
