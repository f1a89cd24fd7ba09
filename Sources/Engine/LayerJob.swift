import CKernels

/// A model and a plan made ready for kernels: every pointer and every stride is worked out once.
///
/// `@unchecked Sendable`: after `init` nothing changes but the bytes of the workspace, which threads share out by rows
/// between two barriers.
final class LayerJob: @unchecked Sendable {
    let steps: [Plan.Step]
    private let kernels: ck_kernels
    private let workspace: Workspace
    // The model owns the mapping that the convolutions point into.
    private let model: ModelFile
    private let layers: UnsafeMutableBufferPointer<PreparedLayer>
    private let biases: UnsafeMutableBufferPointer<Int32>
    private let photo: RowRing
    private let anime: RowRing
    private let rowBytes: Int
    private let threadCount: Int

    init(model: ModelFile, plan: Plan, kernels: ck_kernels, threadCount: Int) throws(EngineError) {
        steps = plan.steps
        self.model = model
        self.kernels = kernels
        self.threadCount = threadCount
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
                to: PreparedLayer(layer, graph: model.graph, parameters: parameters, bias: bias, rings: rings, sizes: plan.rings.map(\.size)))
        }
    }

    deinit {
        layers.deinitialize()
        layers.deallocate()
        biases.deallocate()
    }

    /// Fills the rows of the step with the photo, then stores them as activations.
    func readPhoto(_ step: Plan.Step, _ body: (Int, UnsafeMutableBufferPointer<UInt8>) throws -> Void) throws {
        for y in Int(step.first)..<Int(step.end) {
            let row = photo.row(y)
            try body(y, UnsafeMutableBufferPointer(start: row, count: rowBytes))
            if kernels.activation_flip == 0 { kernels.transfer(row, row, rowBytes) }
        }
    }

    /// Hands out the rows of the step as samples.
    func writeAnime(_ step: Plan.Step, _ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        for y in Int(step.first)..<Int(step.end) {
            let row = anime.row(y)
            if kernels.activation_flip == 0 { kernels.transfer(row, row, rowBytes) }
            try body(y, UnsafeBufferPointer(start: row, count: rowBytes))
        }
    }

    /// Does this thread's share of a layer step.
    func perform(_ step: Plan.Step, sharing barrier: Barrier) {
        let layer = layers.baseAddress.unsafelyUnwrapped + Int(step.layer)
        let rows = Int(step.end - step.first) * layer.pointee.rowGroups
        let width = layer.pointee.positions
        // Whole rows if they go around, else pieces of rows: two units a thread level out unequal ones.
        let wanted = threadCount == 1 ? 1 : (2 * threadCount + rows - 1) / rows
        let piece = min(width, max(2 * kernelTilePixels, roundUp((width + wanted - 1) / wanted, to: kernelTilePixels)))
        let pieces = (width + piece - 1) / piece
        let units = rows * pieces
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: Graph.Limits.kernel) { runs in
            while true {
                let unit = barrier.takeUnit()
                if unit >= units { return }
                let row = unit / pieces
                let start = (unit - row * pieces) * piece
                layer.pointee.makeRow(
                    position: Int(step.first) + row / layer.pointee.rowGroups, group: row % layer.pointee.rowGroups,
                    columns: start..<min(start + piece, width), kernels: kernels, runs: runs)
            }
        }
    }
}
