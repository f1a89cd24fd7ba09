import Engine
import Testing

@Suite("A plan in phases")
struct PhaseTests {
    /// Convolutions of 8 channels, each with a normalization after it that waits for the whole tensor.
    private func normalized(_ depth: Int, border: Graph.Border = .zero) -> Graph {
        var tensors = [Graph.Tensor(name: "photo", channels: 3)]
        var layers: [Graph.Layer] = []
        for index in 0..<depth {
            tensors.append(.init(name: "made\(index)", channels: 8))
            tensors.append(.init(name: "even\(index)", channels: 8))
            layers.append(
                .init(
                    name: "made\(index)", kind: .convolution, input: 2 * index, output: 2 * index + 1,
                    kernel: .init(height: 3, width: 3), padding: .init(top: 1, left: 1, bottom: 1, right: 1),
                    border: border))
            layers.append(
                .init(
                    name: "even\(index)", kind: .pointwise, input: 2 * index + 1, output: 2 * index + 2,
                    normalization: .instance))
        }
        tensors.append(.init(name: "anime", channels: 3))
        layers.append(.init(name: "anime", kind: .convolution, input: 2 * depth, output: 2 * depth + 1))
        return Graph(
            name: "phases", style: "test", title: "", licence: "", sideMultiple: 1, tensors: tensors, layers: layers)
    }

    @Test("has one more phase than there are normalizations that wait for each other")
    func count() throws {
        for depth in 0...4 {
            let plan = try Plan(graph: normalized(depth), picture: .init(height: 40, width: 40), stripRows: 8)
            #expect(plan.phaseCount == depth + 1)
        }
    }

    @Test("keeps whole what is normalized, and only a strip of what comes of it")
    func wholeTensors() throws {
        let plan = try Plan(graph: normalized(3), picture: .init(height: 400, width: 40), stripRows: 8)
        for index in 0..<3 {
            #expect(plan.rings[2 * index + 1].capacity == 400)
            #expect(plan.rings[2 * index + 2].capacity <= 10)
        }
    }

    @Test("gives tensors of different phases the same memory: three more layers take no more")
    func sharedMemory() throws {
        let picture = Graph.Extent(height: 400, width: 256)
        let short = try Plan(graph: normalized(3), picture: picture, stripRows: 8)
        let long = try Plan(graph: normalized(6), picture: picture, stripRows: 8)
        #expect(long.workspaceBytes == short.workspaceBytes)
        // Two whole tensors at a time, and what flows between them.
        let whole = 400 * (256 + 2) * 8
        #expect(short.workspaceBytes > 2 * whole && short.workspaceBytes < 5 * whole / 2)
    }

    @Test("keeps the rows that a mirrored border shows again at the bottom")
    func mirroredRows() throws {
        var graph = normalized(1, border: .reflect)
        graph.layers[2].kernel = .init(height: 7, width: 7)
        graph.layers[2].padding = .init(top: 3, left: 3, bottom: 3, right: 3)
        graph.layers[2].border = .reflect
        let plan = try Plan(graph: graph, picture: .init(height: 40, width: 40), stripRows: 1)
        #expect(plan.rings[2].capacity >= 7)
        let error = #expect(throws: EngineError.self) { try Plan(graph: graph, picture: .init(height: 3, width: 40)) }
        #expect(error?.description.contains("'anime' mirrors more pixels than there are") == true)
    }
}
