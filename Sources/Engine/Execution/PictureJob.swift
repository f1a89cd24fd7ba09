import CKernels

/// A model and a plan made ready for kernels: every pointer and every stride is worked out once.
///
/// `@unchecked Sendable`: after `init` nothing changes but the bytes of the workspace, which threads share out by
/// the units of a step.
final class PictureJob: @unchecked Sendable {
    let steps: [Step]
    private let kernels: ck_kernels
    private let workspace: Workspace
    // The model owns the mapping that the layers point into.
    private let model: ModelFile
    private let layers: [PreparedLayer]
    /// Where each layer is found, and what remains to be done with its rows.
    private let places: UnsafeMutableBufferPointer<Place>
    private let input: RowRing
    private let outputs: [Outgoing]
    /// Where a row of an output becomes samples while the network still reads it as it is.
    private let samples: UnsafeMutableBufferPointer<UInt8>
    /// Of the tensors whose statistics some layer needs.
    private let statistics: [TensorStatistics?]
    private let plan: Plan

    /// Plain numbers, which cost nothing to look at for every piece of a row.
    private struct Place {
        /// One of `layers`, not counted.
        let layer: Unmanaged<PreparedLayer>
        let rowGroups: Int
        /// Window positions across.
        let positions: Int
        let isFinished: Bool
    }

    /// What is done with a piece of a row once it is made.
    private struct Finish {
        let ring: RowRing
        let statistics: TensorStatistics?
    }
    private let finishes: [Finish]

    private struct Outgoing {
        let ring: RowRing
        /// Whether a layer reads it, too.
        let isRead: Bool
        /// Whether its elements are float32 numbers.
        let isReal: Bool
    }

    init(model: ModelFile, plan: Plan, kernels: ck_kernels, threadCount: Int) throws(EngineError) {
        let graph = model.graph
        let sizes = plan.rings.map(\.size)
        steps = plan.steps.map { Step($0, graph: graph, sizes: sizes, threadCount: threadCount) }
        self.model = model
        self.plan = plan
        self.kernels = kernels
        let workspace = try Workspace(plan: plan, zeroPoints: model.zeroPoints, flip: kernels.activation_flip)
        self.workspace = workspace
        let rings = zip(plan.rings, graph.tensors).map {
            RowRing(ring: $0, channels: $1.bytesPerPixel, workspace: workspace)
        }
        input = rings[0]
        let outputs = graph.outputs.map { port in
            Outgoing(
                ring: rings[port.tensor], isRead: graph.layers.contains { $0.reads(port.tensor) },
                isReal: graph.tensors[port.tensor].isReal)
        }
        self.outputs = outputs
        samples = .allocate(capacity: outputs.filter(\.isRead).map(\.ring.rowBytes).max() ?? 0)
        samples.initialize(repeating: 0)

        let statistics = Self.makeStatistics(graph, sizes)
        self.statistics = statistics
        finishes = graph.layers.map { Finish(ring: rings[$0.output], statistics: statistics[$0.output]) }
        let place = LayerPlace(graph: graph, rings: rings, sizes: sizes, flip: kernels.activation_flip)
        layers = zip(graph.layers, model.layers).map { $1.prepared($0, in: place) }
        places = .allocate(capacity: layers.count)
        for (index, layer) in graph.layers.enumerated() {
            places.initializeElement(
                at: index,
                to: Place(
                    layer: .passUnretained(layers[index]), rowGroups: layer.rowGroups,
                    positions: sizes[layer.output].width / layer.rowGroups,
                    isFinished: !rings[layer.output].isMirrored && statistics[layer.output] == nil))
        }
    }

    private static func makeStatistics(_ graph: Graph, _ sizes: [Graph.Extent]) -> [TensorStatistics?] {
        var kinds = [TensorStatistics.Kinds](repeating: [], count: graph.tensors.count)
        for layer in graph.layers {
            for need in layer.kind.type.statistics(of: layer) { kinds[need.tensor].formUnion(need.kinds) }
        }
        return kinds.indices.map { tensor in
            guard !kinds[tensor].isEmpty else { return nil }
            return TensorStatistics(
                kinds: kinds[tensor], channels: graph.tensors[tensor].channels, size: sizes[tensor])
        }
    }

    deinit {
        places.deallocate()
        samples.deallocate()
    }

    /// Begins a phase: what its layers need to know of whole tensors is worked out, and rows that are new get their
    /// borders, since another tensor may have lain there before.
    func beginPhase(_ step: Step) {
        let phase = step.first
        if phase == 0 { for tensor in statistics { tensor?.reset() } }
        for (index, layer) in layers.enumerated() where plan.phases.layers[index] == phase { layer.begin(statistics) }
        for (tensor, ring) in plan.rings.enumerated() where ring.lifetime.lowerBound == phase {
            workspace.fillBorders(ring, model.zeroPoints[tensor], flip: kernels.activation_flip)
        }
    }

    /// Fills the rows of the step with samples, then stores them as activations.
    func readInput<Failure: Error>(
        _ step: Step, _ body: (Int, UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let count = input.rowBytes
        for y in step.first..<step.end {
            let row = input.row(y)
            try body(y, UnsafeMutableBufferPointer(start: row, count: count))
            if kernels.activation_flip == 0 { kernels.transfer(row, row, count) }
            if input.isMirrored { input.mirror(row, columns: 0..<input.width) }
            statistics[0]?.add(row, columns: 0..<input.width, kernels: kernels)
        }
    }

    /// Hands out the rows of the step as samples.
    func writeOutput<Failure: Error>(
        _ step: Step, _ body: (Int, Int, UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let index = Int(Plan.Step.writeOutput(0) - step.layer)
        let output = outputs[index]
        let count = output.ring.rowBytes
        for y in step.first..<step.end {
            var row = output.ring.row(y)
            if kernels.activation_flip == 0, !output.isReal {
                let stored = row
                if output.isRead, let samples = samples.baseAddress { row = samples }
                kernels.transfer(stored, row, count)
            }
            try body(index, y, UnsafeBufferPointer(start: row, count: count))
        }
    }

    /// Makes one unit of a layer step: a row, or a piece of one.
    func perform(_ step: Step, unit: Int) {
        let layer = Int(step.layer)
        let place = places[layer]
        let row = unit / step.pieces
        let piece = unit - row * step.pieces
        let start = piece * step.pieceWidth
        let end = piece == step.pieces - 1 ? place.positions : start + step.pieceWidth
        let position = step.first + row / place.rowGroups
        place.layer._withUnsafeGuaranteedRef {
            $0.makeRow(position: position, group: row % place.rowGroups, columns: start..<end, kernels: kernels)
        }
        guard !place.isFinished else { return }
        let finish = finishes[layer]
        let made = finish.ring.row(position * place.rowGroups + row % place.rowGroups)
        let pixels = start * place.rowGroups..<end * place.rowGroups
        if finish.ring.isMirrored { finish.ring.mirror(made, columns: pixels) }
        finish.statistics?.add(made, columns: pixels, kernels: kernels)
    }
}

extension Graph.Layer {
    /// Whether it reads `tensor` in any way.
    func reads(_ tensor: Int) -> Bool {
        input == tensor || residual == tensor || kind.type.statistics(of: self).contains { $0.tensor == tensor }
    }
}

extension PictureJob {
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
            // No piece is narrower than a tile, or than what is mirrored at its end.
            pieces = max(1, (width + pieceWidth - kernelTilePixels) / pieceWidth)
            units = rows * pieces
        }
    }
}
