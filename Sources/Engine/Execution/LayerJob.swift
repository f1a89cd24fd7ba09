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
    /// All convolutions, and all other layers.
    private let products: UnsafeMutableBufferPointer<PreparedProducts>
    private let passes: [PreparedPass]
    /// Where each layer is found, and what remains to be done with its rows.
    private let places: UnsafeMutableBufferPointer<Place>
    private let biases: UnsafeMutableBufferPointer<Int32>
    private let photo: RowRing
    private let anime: RowRing
    private let rowBytes: Int
    /// Of the tensors whose statistics some layer needs.
    private let statistics: [TensorStatistics?]
    private let plan: Plan

    /// Plain numbers, which cost nothing to look at for every piece of a row.
    private struct Place {
        let isProducts: Bool
        /// Among all convolutions, or among all other layers.
        let index: Int
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

        let flip = kernels.activation_flip
        biases = Self.makeBiases(model, isUnsigned: flip != 0)
        statistics = Self.makeStatistics(model.graph, sizes)
        let statistics = statistics
        self.plan = plan
        let productCount = model.graph.layers.count { $0.kind == .convolution || $0.kind == .depthwise }
        products = .allocate(capacity: productCount)
        places = .allocate(capacity: model.graph.layers.count)
        var passes: [PreparedPass] = []
        var made = 0
        var used = 0
        finishes = model.graph.layers.map {
            Finish(ring: rings[$0.output], statistics: statistics[$0.output])
        }
        for (index, (layer, parameters)) in zip(model.graph.layers, model.parameters).enumerated() {
            var isProducts = false
            if case .products(let values) = parameters {
                var bias = values.bias
                if flip != 0 {
                    bias = UnsafeBufferPointer(rebasing: biases[used..<used + bias.count])
                    used += bias.count
                }
                products.initializeElement(
                    at: made,
                    to: PreparedProducts(
                        layer, graph: model.graph, parameters: values, bias: bias, rings: rings, sizes: sizes))
                made += 1
                isProducts = true
            } else if let pass = PreparedPass(layer, parameters: parameters, rings: rings, sizes: sizes, flip: flip) {
                passes.append(pass)
            }
            let ring = rings[layer.output]
            places.initializeElement(
                at: index,
                to: Place(
                    isProducts: isProducts, index: isProducts ? made - 1 : passes.count - 1,
                    rowGroups: layer.rowGroups, positions: sizes[layer.output].width / layer.rowGroups,
                    isFinished: !ring.isMirrored && statistics[layer.output] == nil))
        }
        self.passes = passes
    }

    /// Biases for unsigned storage, which is 128 more than the value it stands for, in every product.
    private static func makeBiases(_ model: ModelFile, isUnsigned: Bool) -> UnsafeMutableBufferPointer<Int32> {
        let products = model.parameters.compactMap { parameters -> ProductParameters? in
            if case .products(let values) = parameters { values } else { nil }
        }
        let biases = UnsafeMutableBufferPointer<Int32>.allocate(
            capacity: isUnsigned ? products.reduce(0) { $0 + $1.bias.count } : 0)
        guard isUnsigned else { return biases }
        var used = 0
        for values in products {
            for channel in values.bias.indices {
                biases.initializeElement(
                    at: used + channel, to: values.bias[channel] - 128 * values.weightSums[channel])
            }
            used += values.bias.count
        }
        return biases
    }

    private static func makeStatistics(_ graph: Graph, _ sizes: [Graph.Extent]) -> [TensorStatistics?] {
        var kinds = [TensorStatistics.Kinds](repeating: [], count: graph.tensors.count)
        for layer in graph.layers {
            for tensor in layer.statistics { kinds[tensor].insert(layer.kind == .attention ? .counts : .moments) }
        }
        return kinds.indices.map { tensor in
            guard !kinds[tensor].isEmpty else { return nil }
            return TensorStatistics(
                kinds: kinds[tensor], channels: graph.tensors[tensor].channels, size: sizes[tensor])
        }
    }

    deinit {
        products.deinitialize()
        products.deallocate()
        places.deallocate()
        biases.deallocate()
    }

    /// Begins a phase: what its layers need to know of whole tensors is worked out, and rows that are new get their
    /// borders, since another tensor may have lain there before.
    func beginPhase(_ step: Step) {
        let phase = step.first
        if phase == 0 { for tensor in statistics { tensor?.reset() } }
        for (index, place) in places.enumerated() where plan.phases.layers[index] == phase && !place.isProducts {
            passes[place.index].begin(statistics)
        }
        for (tensor, ring) in plan.rings.enumerated() where ring.lifetime.lowerBound == phase {
            workspace.fillBorders(ring, model.zeroPoints[tensor], flip: kernels.activation_flip)
        }
    }

    /// Fills the rows of the step with the photo, then stores them as activations.
    func readPhoto(_ step: Step, _ body: (Int, UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
        for y in step.first..<step.end {
            let row = photo.row(y)
            try body(y, UnsafeMutableBufferPointer(start: row, count: rowBytes))
            if kernels.activation_flip == 0 { kernels.transfer(row, row, rowBytes) }
            if photo.isMirrored { photo.mirror(row, columns: 0..<photo.width) }
            statistics[0]?.add(row, columns: 0..<photo.width, kernels: kernels)
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
        let layer = Int(step.layer)
        let place = places[layer]
        let row = unit / step.pieces
        let piece = unit - row * step.pieces
        let start = piece * step.pieceWidth
        let end = piece == step.pieces - 1 ? place.positions : start + step.pieceWidth
        let position = step.first + row / place.rowGroups
        if place.isProducts {
            let products = self.products.baseAddress.unsafelyUnwrapped + place.index
            withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: Graph.Limits.kernel) { runs in
                products.pointee.makeRow(
                    position: position, group: row % place.rowGroups, columns: start..<end, kernels: kernels, runs: runs
                )
            }
        } else {
            passes[place.index].makeRow(position, columns: start..<end, kernels: kernels)
        }
        guard !place.isFinished else { return }
        let finish = finishes[layer]
        let made = finish.ring.row(position * place.rowGroups + row % place.rowGroups)
        let pixels = start * place.rowGroups..<end * place.rowGroups
        if finish.ring.isMirrored { finish.ring.mirror(made, columns: pixels) }
        finish.statistics?.add(made, columns: pixels, kernels: kernels)
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
            // No piece is narrower than a tile, or than what is mirrored at its end.
            pieces = max(1, (width + pieceWidth - kernelTilePixels) / pieceWidth)
            units = rows * pieces
        }
    }
}
