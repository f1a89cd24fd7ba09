import Engine

extension OnnxExport {
    /// Adds the nodes of one layer.
    mutating func add(_ layer: Graph.Layer) throws(ImportError) {
        switch layer.kind {
        case .convolution, .depthwise: try addProducts(layer)
        case .pointwise: try addPointwise(layer)
        case .resize: try addResize(layer)
        case .maxPool: try addMaxPool(layer)
        case .globalAverage: try addGlobalAverage(layer)
        case .channelScale: try addChannelScale(layer)
        case .lookup: try addLookup(layer)
        case .attention:
            throw ImportError("its layer '\(layer.name)' is attention over pixels, and no 8-bit operator is")
        }
    }

    /// Whether the layer sees zeros around its input.
    func readsZeros(_ layer: Graph.Layer) -> Bool {
        layer.border == .zero && layer.padding != Graph.Padding(top: 0, left: 0, bottom: 0, right: 0)
    }

    /// The numbers that the window of `layer` sees, and the pads that are left to its own node.
    mutating func surrounded(_ layer: Graph.Layer) throws(ImportError) -> (value: String, pads: [Int]) {
        let value = try numbers(layer.input, lessZero: readsZeros(layer))
        let padding = layer.padding
        let pads = [padding.top, padding.left, padding.bottom, padding.right]
        let isPooling = layer.kind == .maxPool
        guard layer.border == .reflect || readsZeros(layer) && isPooling, pads.contains(where: { $0 > 0 }) else {
            return (value, pads)
        }
        let sizes = draft.sizes("\(layer.name).pads", [0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]])
        let mode = layer.border == .reflect ? "reflect" : "constant"
        return (draft.node("Pad", [value, sizes], "\(layer.name).padded", [("mode", .text(mode))]), [0, 0, 0, 0])
    }
}
