import CKernels

/// Where a layer works: what surrounds it when it is prepared for pictures of one size.
struct LayerPlace {
    let graph: Graph
    /// The rows of all tensors.
    let rings: [RowRing]
    /// The sizes of all tensors.
    let sizes: [Graph.Extent]
    /// What stored activations are XORed with.
    let flip: UInt8
}

/// A layer with its parameters, its rings and its arguments for the kernels: every pointer and every stride is worked out
/// once.
///
/// A class, so that a row costs one call through its table and nothing is counted or copied on the way. `@unchecked
/// Sendable`: the memory that a layer owns is only written by its initializer and by ``begin(_:)``, which the leader calls
/// between phases; threads write disjoint pieces of rows.
class PreparedLayer: @unchecked Sendable {
    let layer: Graph.Layer
    let input: RowRing
    let output: RowRing
    let residual: RowRing?

    init(_ layer: Graph.Layer, in place: LayerPlace) {
        self.layer = layer
        input = place.rings[layer.input]
        output = place.rings[layer.output]
        residual = layer.residual.map { place.rings[$0] }
    }

    /// Works out what depends on the statistics of whole tensors, which are complete by now.
    func begin(_ statistics: [TensorStatistics?]) {}

    /// Makes the pixels of `columns` in row group `group` of the window position `position` down.
    func makeRow(position: Int, group: Int, columns: Range<Int>, kernels: ck_kernels) {}
}
