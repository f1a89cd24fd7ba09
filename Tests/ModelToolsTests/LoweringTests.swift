import ModelTools
import Testing

@Suite struct LoweringTests {
    /// Lowers the network and checks that the layers compute what the network computes.
    private func lower(_ building: OnnxBuilding, sides: (Int, Int) = (12, 20)) throws -> LayerGraph {
        let network = try FloatNetwork(bytes: building.bytes, label: "net.onnx")
        let layers = try Lowering.lower(network.graph, sideMultiple: network.sideMultiple)
        var numbers = Numbers(3)
        let shape = FeatureShape(height: sides.0, width: sides.1, channels: 3)
        let picture = FloatMap(shape: shape, values: numbers.floats(shape.count))
        let wanted = try network.graph.run(picture)
        let made = try layers.run(picture)
        #expect(made.shape == wanted.shape)
        for (made, wanted) in zip(made.values, wanted.values) {
            #expect(abs(made - min(max(wanted, -1), 1)) < 2e-5)
        }
        return layers
    }

    @Test("a student becomes convolutions alone and computes the same")
    func student() throws {
        let graph = try lower(.student())
        #expect(graph.layers.count == 7)
        #expect(
            graph.layers.map(\.kind) == [
                .convolution, .convolution, .convolution, .depthwise, .convolution, .convolution, .convolution,
            ])
        #expect(graph.layers[0].window == Window(height: 6, width: 6, strideY: 2, strideX: 2, padding: Padding(2)))
        #expect(graph.layers[0].clip == 0...6)
        #expect(graph.layers[4].residual == graph.layers[1].output)
        #expect(graph.layers[5].rowGroups == 2 && graph.layers[5].residual == graph.layers[0].output)
        #expect(graph.layers[6].rowGroups == 2 && graph.layers[6].residual == 0 && graph.layers[6].clip == -1...1)
        #expect(graph.layers.map(\.output) == Array(1...7))
    }

    @Test("layers are named after their weights, each name once")
    func names() throws {
        let graph = try lower(.student())
        #expect(graph.layers.map(\.name) == ["stem", "down", "expand", "move", "shrink", "up", "head"])
    }

    @Test("batch normalization and constant factors become weights, before and after DepthToSpace")
    func normalization() throws {
        var building = OnnxBuilding()
        building.convolution("photo", "wide", depth: 3, outputs: 12, kernel: 3, padding: 1)
        for (name, low) in [("scale", Float(0.5)), ("offset", -1), ("mean", -1), ("variance", 0.5)] {
            var numbers = Numbers(UInt64(name.utf8.count))
            building.constant(name, [12], numbers.floats(12, low...1))
        }
        building.node("BatchNormalization", ["wide", "scale", "offset", "mean", "variance"], "normal")
        building.node("SpaceToDepth", ["photo"], "blocks", [.integer("blocksize", 2)])
        building.convolution("blocks", "other", depth: 12, outputs: 12, kernel: 1)
        building.node("DepthToSpace", ["other"], "spread", [.integer("blocksize", 2)])
        building.constant("factor", [1, 3, 1, 1], [0.5, -1, 2])
        building.node("Mul", ["spread", "factor"], "scaled")
        building.convolution("normal", "narrow", depth: 12, outputs: 3, kernel: 1)
        building.node("Add", ["narrow", "scaled"], "anime")
        let graph = try lower(building)
        #expect(graph.layers.count == 3)
    }

    @Test("what has no convolution to ride on becomes a 1x1 depthwise layer")
    func standalone() throws {
        var building = OnnxBuilding()
        building.constant("half", [], [0.5])
        building.convolution("photo", "a", depth: 3, outputs: 3, kernel: 1)
        building.node("Clip", ["a", "", "half"], "clipped")
        building.node("Add", ["clipped", "a"], "sum")
        building.node("Mul", ["sum", "half"], "scaled")
        building.node("Add", ["scaled", "sum"], "anime")
        let graph = try lower(building)
        #expect(graph.layers.map(\.kind) == [.convolution, .depthwise, .depthwise, .depthwise])
    }

    @Test(
        "a limit after an enlargement or a pooling is a layer of its own, as their results mean what their inputs mean")
    func limits() throws {
        var building = OnnxBuilding()
        building.constant("scales", [4], [1, 1, 2, 2])
        building.node(
            "Resize", ["photo", "", "scales"], "large",
            [.text("coordinate_transformation_mode", "half_pixel"), .text("mode", "linear")])
        building.node("Relu", ["large"], "limited")
        building.node(
            "MaxPool", ["limited"], "small", [.integers("kernel_shape", [2, 2]), .integers("strides", [2, 2])])
        building.constant("half", [], [0.5])
        building.node("Clip", ["small", "", "half"], "low")
        building.convolution("low", "anime", depth: 3, outputs: 3, kernel: 1)
        let graph = try lower(building)
        let largest = Float.greatestFiniteMagnitude
        #expect(graph.layers.map(\.clip) == [nil, 0...largest, nil, -largest...0.5, -1...1])
    }

    @Test("an Add rides on the layer that runs last, wherever it stands among the inputs")
    func addOrder() throws {
        for order in [["a", "b"], ["b", "a"]] {
            var building = OnnxBuilding()
            building.convolution("photo", "a", depth: 3, outputs: 3, kernel: 1)
            building.convolution("photo", "b", depth: 3, outputs: 3, kernel: 3, padding: 1)
            building.node("Add", order, "anime")
            let graph = try lower(building)
            #expect(graph.layers.count == 2)
            #expect(graph.layers[1].name == "b" && graph.layers[1].residual == 1)
        }
    }

    @Test("what the engine has no layer for is refused with the node's name")
    func refused() throws {
        var building = OnnxBuilding()
        building.node("SpaceToDepth", ["photo"], "blocks", [.integer("blocksize", 2)])
        building.convolution("blocks", "moved", depth: 1, outputs: 12, kernel: 3, padding: 1, groups: 12)
        building.node("DepthToSpace", ["moved"], "anime", [.integer("blocksize", 2)])
        #expect(throws: ImportError("node 'moved' reads a SpaceToDepth, which only a dense convolution can do")) {
            try lower(building)
        }
    }
}
