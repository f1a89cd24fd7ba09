import CKernels

/// A model and a plan made ready for kernels: every pointer and every stride is worked out once.
///
/// `@unchecked Sendable`: after `init` nothing changes but the bytes of the workspace, which threads share out by
/// the units of a step.
final class LayerJob: @unchecked Sendable {
    let steps: [Step]
    private let kernels: ck_kernels
    private let workspace: Workspace
    // The model owns the mapping that the convolutions point into.
    private let model: ModelFile
    private let layers: UnsafeMutableBufferPointer<PreparedLayer>
    private let biases: UnsafeMutableBufferPointer<Int32>
    private let photo: RowRing
    private let anime: RowRing
    private let rowBytes: Int

    init(model: ModelFile, plan: Plan, kernels: ck_kernels, threadCount: Int) throws(EngineError) {
        let sizes = plan.rings.map(\.size)
        steps = plan.steps.map { Step($0, graph: model.graph, sizes: sizes, threadCount: threadCount) }
        self.model = model
        self.kernels = kernels
        let workspace = try Workspace(plan: plan, zeroPoints: model.zeroPoints, flip: kernels.activation_flip)
        self.workspace = workspace
        let rings = zip(plan.rings, model.graph.tensors).map {
            RowRing(ring: $0, channels: $1.channels, workspace: workspace)
        }
        photo = rings[0]
        anime = rings[rings.count - 1]
        rowBytes = plan.picture.width * 3

        let unsigned = kernels.activation_flip != 0
        biases = .allocate(capacity: unsigned ? model.parameters.reduce(0) { $0 + $1.bias.count } : 0)
        layers = .allocate(capacity: model.graph.layers.count)
        var used = 0
        for (index, layer) in model.graph.layers.enumerated() {
            let parameters = model.parameters[index]
            var bias = parameters.bias
            if unsigned {
                // Unsigned storage is 128 more than the value it stands for, in every product.
                let own = UnsafeMutableBufferPointer(rebasing: biases[used..<used + bias.count])
                for channel in own.indices {
                    own.initializeElement(at: channel, to: bias[channel] - 128 * parameters.weightSums[channel])
                }
                used += bias.count
                bias = UnsafeBufferPointer(own)
            }
            layers.initializeElement(
                at: index,
                to: PreparedLayer(
                    layer, graph: model.graph, parameters: parameters, bias: bias, rings: rings, sizes: sizes))
        }
    }

    deinit {
        layers.deinitialize()
        layers.deallocate()
        biases.deallocate()
    }

    /// Fills the rows of the step with the photo, then stores them as activations.
    func readPhoto(_ step: Step, _ body: (Int, UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
        for y in step.first..<step.end {
            let row = photo.row(y)
            try body(y, UnsafeMutableBufferPointer(start: row, count: rowBytes))
            if kernels.activation_flip == 0 { kernels.transfer(row, row, rowBytes) }
        }
    }

    /// Hands out the rows of the step as samples.
    func writeAnime(_ step: Step, _ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        for y in step.first..<step.end {
            let row = anime.row(y)
            if kernels.activation_flip == 0 { kernels.transfer(row, row, rowBytes) }
            try body(y, UnsafeBufferPointer(start: row, count: rowBytes))
        }
    }

    /// Makes one unit of a layer step: a row, or a piece of one.
    func perform(_ step: Step, unit: Int) {
        let layer = layers.baseAddress.unsafelyUnwrapped + Int(step.layer)
        let row = unit / step.pieces
        let start = (unit - row * step.pieces) * step.pieceWidth
        let rowGroups = layer.pointee.rowGroups
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: Graph.Limits.kernel) { runs in
            layer.pointee.makeRow(
                position: step.first + row / rowGroups, group: row % rowGroups,
                columns: start..<min(start + step.pieceWidth, layer.pointee.positions), kernels: kernels, runs: runs)
        }
    }
}

extension LayerJob {
    /// A step of the plan, and how it is cut into units for the threads.
    struct Step {
        let layer: Int32
        let first: Int
        let end: Int
        /// Rows, or pieces of rows, that can be made in any order; none when the step belongs to the leader.
        let units: Int
        let pieces: Int
        let pieceWidth: Int

        init(_ step: Plan.Step, graph: Graph, sizes: [Graph.Extent], threadCount: Int) {
            layer = step.layer
            first = Int(step.first)
            end = Int(step.end)
            guard step.layer >= 0 else {
                units = 0
                pieces = 1
                pieceWidth = 0
                return
            }
            let layer = graph.layers[Int(step.layer)]
            let rows = (end - first) * layer.rowGroups
            let width = sizes[layer.output].width / layer.rowGroups
            // Whole rows if they go around, else pieces of rows: two units a thread level out unequal ones.
            let wanted = threadCount == 1 ? 1 : (2 * threadCount + rows - 1) / rows
            let piece = roundUp((width + wanted - 1) / wanted, to: kernelTilePixels)
            pieceWidth = min(width, max(2 * kernelTilePixels, piece))
            pieces = (width + pieceWidth - 1) / pieceWidth
            units = rows * pieces
        }
    }
}
