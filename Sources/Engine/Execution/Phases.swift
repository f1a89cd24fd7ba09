/// When layers and tensors are at work: a layer that needs statistics of a whole tensor begins a phase after the one that
/// makes the tensor, and the layers that read its result work in that phase or a later one.
struct Phases: Sendable {
    /// The phase of each layer.
    let layers: [Int]
    /// From the phase that makes each tensor to the last one that reads it.
    let lifetimes: [ClosedRange<Int>]
    let count: Int

    init(_ graph: Graph) {
        var layers: [Int] = []
        var made = [Int](repeating: 0, count: graph.tensors.count)
        for layer in graph.layers {
            let inputs = [layer.input] + [layer.residual].compactMap { $0 }
            let ready = inputs.map { made[$0] }.max() ?? 0
            let phase = max(ready, layer.kind.type.statistics(of: layer).map { made[$0.tensor] + 1 }.max() ?? 0)
            made[layer.output] = phase
            layers.append(phase)
        }
        var last = made
        for (layer, phase) in zip(graph.layers, layers) {
            for tensor in [layer.kind.type.readsRows ? layer.input : nil, layer.residual].compactMap({ $0 }) {
                last[tensor] = max(last[tensor], phase)
            }
        }
        self.layers = layers
        lifetimes = zip(made, last).map { $0...$1 }
        count = (layers.max() ?? 0) + 1
    }
}
