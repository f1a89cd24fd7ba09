/// Simulates a run: which rows each layer can make in each strip, and how many rows each tensor must keep.
struct Schedule {
    private(set) var steps: [Plan.Step] = []
    /// Rows that each tensor must keep.
    private(set) var capacities: [Int]

    private let graph: Graph
    private let sizes: [Graph.Extent]
    private let outputs: [Graph.Port]
    private let phases: Phases
    private let strip: Int
    /// Rows of each tensor that are there.
    private var ready: [Int]
    /// Window positions that each layer has made.
    private var made: [Int]
    /// Rows of each output that went out.
    private var emitted: [Int]

    init(_ graph: Graph, _ sizes: [Graph.Extent], _ phases: Phases, strip: Int) {
        self.graph = graph
        self.sizes = sizes
        self.phases = phases
        self.strip = strip
        capacities = [Int](repeating: 1, count: sizes.count)
        ready = [Int](repeating: 0, count: sizes.count)
        made = [Int](repeating: 0, count: graph.layers.count)
        outputs = graph.outputs
        emitted = [Int](repeating: 0, count: outputs.count)
    }

    mutating func run() {
        for phase in 0..<phases.count {
            if phases.count > 1 {
                steps.append(Plan.Step(layer: Plan.Step.beginPhase, first: Int32(phase), end: Int32(phase + 1)))
            }
            runPhase(phase)
        }
    }

    private mutating func runPhase(_ phase: Int) {
        let picture = sizes[0]
        let outgoing = outputs.indices.filter { phases.lifetimes[outputs[$0].tensor].lowerBound == phase }
        let layers = graph.layers.indices.filter { phases.layers[$0] == phase }
        func isOver() -> Bool {
            if phase == 0, ready[0] < picture.height { return false }
            guard outgoing.allSatisfy({ emitted[$0] == sizes[outputs[$0].tensor].height }) else { return false }
            return layers.allSatisfy { made[$0] == positions(graph.layers[$0]) }
        }
        // A layer makes at most a strip's share of its rows at a time, also at the end, where those that lag behind
        // could otherwise make all the rest at once and would need rings for it.
        let share = graph.layers.map { max(1, (strip * positions($0) + picture.height - 1) / picture.height) }
        while !isOver() {
            if phase == 0, ready[0] < picture.height {
                let bottom = min(ready[0] + strip, picture.height)
                steps.append(Plan.Step(layer: Plan.Step.readInput, first: Int32(ready[0]), end: Int32(bottom)))
                grow(0, to: bottom, phase)
            }
            for index in layers {
                let layer = graph.layers[index]
                let rows = min(rowsPossible(layer), made[index] + share[index])
                guard rows > made[index] else { continue }
                grow(layer.output, to: rows * layer.rowGroups, phase)
                steps.append(Plan.Step(layer: Int32(index), first: Int32(made[index]), end: Int32(rows)))
                made[index] = rows
            }
            for index in outgoing where ready[outputs[index].tensor] > emitted[index] {
                let end = ready[outputs[index].tensor]
                steps.append(
                    Plan.Step(layer: Plan.Step.writeOutput(index), first: Int32(emitted[index]), end: Int32(end)))
                emitted[index] = end
            }
        }
    }

    private func positions(_ layer: Graph.Layer) -> Int { sizes[layer.output].height / layer.rowGroups }

    private mutating func grow(_ tensor: Int, to rows: Int, _ phase: Int) {
        // Rows of one step are made side by side, so each needs its place, even if only statistics are taken from it.
        let first = min(firstNeeded(tensor, phase), ready[tensor])
        capacities[tensor] = max(capacities[tensor], rows - first)
        ready[tensor] = rows
    }

    /// The first row of `tensor` that a layer has yet to read; rows before it may be overwritten.
    private func firstNeeded(_ tensor: Int, _ phase: Int) -> Int {
        if phases.lifetimes[tensor].upperBound > phase { return 0 }
        var first = sizes[tensor].height
        for index in outputs.indices where outputs[index].tensor == tensor { first = emitted[index] }
        for (index, layer) in graph.layers.enumerated() where made[index] < positions(layer) {
            if layer.input == tensor, layer.kind.type.readsRows {
                first = min(first, layer.kind.type.firstRow(of: layer, from: made[index], sizes))
            }
            if layer.residual == tensor { first = min(first, made[index] * layer.rowGroups) }
        }
        return first
    }

    /// How many window positions `layer` can have finished when the rows of its inputs are there.
    private func rowsPossible(_ layer: Graph.Layer) -> Int {
        let height = sizes[layer.input].height
        let all = positions(layer)
        var rows = all
        if ready[layer.input] < height {
            rows = min(all, layer.kind.type.positions(of: layer, ready: ready[layer.input], sizes))
        }
        if let residual = layer.residual { rows = min(rows, ready[residual] / layer.rowGroups) }
        return rows
    }
}
