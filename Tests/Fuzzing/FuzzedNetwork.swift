import ModelTools

/// A foreign ONNX file, through all that `animesnap model import` does before it runs pictures.
enum FuzzedNetwork {
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> CInt {
        do throws(ImportError) {
            let network = try FloatNetwork(bytes: Array(bytes), label: "net.onnx")
            let side = 4 * network.sideMultiple
            _ = try network.graph.shapes(height: side, width: 2 * side)
            _ = try network.multiplyAdds(height: side, width: side)
            let lowered = try Lowering.lower(network.graph, sideMultiple: network.sideMultiple)
            Fuzzing.require(lowered.tensors.count == lowered.layers.count + 1, "tensors that no layer makes")
        } catch {
            Fuzzing.requireSentence(error.description)
        }
        return 0
    }
}
