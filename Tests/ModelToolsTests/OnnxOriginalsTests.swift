import ModelTools
import Testing

/// What AnimeGANv2's and AnimeGANv3's generators are written with, in the forms that exporters give it.
@Suite struct OnnxOriginalsTests {
    private func network(_ build: (inout OnnxBuilding) -> Void) throws -> FloatNetwork {
        var building = OnnxBuilding()
        building.constant("epsilon", [1, 1, 1, 1], [0.001])
        build(&building)
        return try FloatNetwork(bytes: building.bytes, label: "net.onnx")
    }

    private static let picture: [Float] = {
        var numbers = Numbers(3)
        return numbers.floats(8 * 12 * 3)
    }()

    /// Both networks make the same of a picture.
    private func expectEqual(_ left: FloatNetwork, _ right: FloatNetwork) throws {
        let made = try left.run(Self.picture, height: 8, width: 12)
        let wanted = try right.run(Self.picture, height: 8, width: 12)
        for (value, number) in zip(made, wanted) { #expect(abs(value - number) < 1e-5) }
    }

    @Test("instance normalization is found where it is written out", arguments: [false, true])
    func writtenNormalization(byReciprocal: Bool) throws {
        let written = try network { building in
            let parts = building.writtenNormalization("photo", "norm", epsilon: "epsilon", byReciprocal: byReciprocal)
            building.node("Identity", [parts.normalized], "anime")
        }
        let single = try network { building in
            building.constant("ones", [3], [1, 1, 1])
            building.constant("zeros", [3], [0, 0, 0])
            building.node("InstanceNormalization", ["photo", "ones", "zeros"], "anime", [.number("epsilon", 0.001)])
        }
        guard written.graph.nodes.count == 1, case .normalize(let found) = written.graph.nodes[0].operation else {
            Issue.record("\(written.graph.nodes.count) operations were made")
            return
        }
        #expect(found == Normalization(scope: .instance, factor: [1, 1, 1], offset: [0, 0, 0], epsilon: 0.001))
        try expectEqual(written, single)
    }

    @Test("means over stated dimensions, a power and a root by a power are the same normalization")
    func powers() throws {
        let made = try network { building in
            building.constant("two", [], [2])
            building.constant("half", [], [0.5])
            building.node("ReduceMean", ["photo"], "mean", [.integers("axes", [1, -2, 3])])
            building.node("Sub", ["photo", "mean"], "centred")
            building.node("Pow", ["centred", "two"], "square")
            building.node("ReduceMean", ["square"], "variance", [.integers("axes", [1, 2, 3])])
            building.node("Add", ["epsilon", "variance"], "shifted")
            building.node("Pow", ["shifted", "half"], "deviation")
            building.node("Div", ["centred", "deviation"], "anime")
        }
        guard case .normalize(let found)? = made.graph.nodes.first?.operation else {
            Issue.record("no normalization was found")
            return
        }
        #expect(found.scope == .layer && found.epsilon == 0.001)
    }

    @Test("a group normalization as PyTorch exports it is one operation", arguments: [false, true])
    func exportedGroupNormalization(sizesAreStated: Bool) throws {
        let exported = try network { building in
            if sizesAreStated { building.fixSize(height: 8, width: 12) }
            building.constant("one", [1], [1])
            building.constant("zero", [1], [0])
            building.constant("factor", [3, 1, 1], [1, 2, 3])
            building.constant("offset", [3, 1, 1], [4, 5, 6])
            building.integers("flat", [0, 1, -1])
            building.node("Reshape", ["photo", "flat"], "flattened")
            building.node("InstanceNormalization", ["flattened", "one", "zero"], "normalized")
            if sizesAreStated {
                building.integers("sizes", [1, 3, 8, 12])
            } else {
                building.node("Shape", ["photo"], "sizes")
            }
            building.node("Reshape", ["normalized", "sizes"], "shaped")
            building.node("Mul", ["shaped", "factor"], "scaled")
            building.node("Add", ["scaled", "offset"], "anime")
        }
        let single = try network { building in
            building.constant("factor", [3], [1, 2, 3])
            building.constant("offset", [3], [4, 5, 6])
            building.node("GroupNormalization", ["photo", "factor", "offset"], "anime", [.integer("num_groups", 1)])
        }
        guard exported.graph.nodes.count == 1, case .normalize(let found) = exported.graph.nodes[0].operation else {
            Issue.record("\(exported.graph.nodes.count) operations were made")
            return
        }
        #expect(found == Normalization(scope: .layer, factor: [1, 2, 3], offset: [4, 5, 6], epsilon: 1e-5))
        try expectEqual(exported, single)
    }

    @Test("adaptive normalization is found across transposed and reshaped statistics")
    func adaptive() throws {
        let made = try network { building in
            building.integers("last", [-1, 1, 1, 3])
            building.convolution("photo", "model", depth: 3, outputs: 3, kernel: 1)
            let own = building.writtenNormalization("photo", "own", epsilon: "epsilon")
            let other = building.writtenNormalization("model", "other", epsilon: "epsilon")
            building.node("Transpose", [own.normalized], "moved", [.integers("perm", [0, 2, 3, 1])])
            building.node("Reshape", [other.deviation, "last"], "deviation")
            building.node("Mul", ["moved", "deviation"], "scaled")
            building.node("Transpose", ["scaled"], "back", [.integers("perm", [0, 3, 1, 2])])
            building.node("Add", [other.mean, "back"], "anime")
        }
        let nodes = made.graph.nodes
        guard nodes.count == 2, case .adaptiveNormalize(let epsilon) = nodes[1].operation else {
            Issue.record("\(nodes.count) operations were made")
            return
        }
        #expect(epsilon == 0.001 && nodes[1].inputs == [made.graph.input, nodes[0].output])
    }

    @Test("attention over pixels is found after a convolution of a list of pixels")
    func attention() throws {
        let made = try network { building in
            building.integers("channel", [2])
            building.integers("one", [1])
            building.integers("list", [0, -1, 3])
            building.constant("tiny", [], [1e-9])
            building.node("Transpose", ["photo"], "moved", [.integers("perm", [0, 2, 3, 1])])
            building.node("Shape", ["moved"], "sizes")
            building.node("Reshape", ["moved", "list"], "pixels")
            building.node("Unsqueeze", ["pixels", "one"], "row")
            building.node("Transpose", ["row"], "columns", [.integers("perm", [0, 3, 1, 2])])
            building.convolution("columns", "keys", depth: 3, outputs: 3, kernel: 1)
            building.node("Squeeze", ["keys", "channel"], "squeezed")
            building.node("Softmax", ["squeezed"], "soft", [.integer("axis", 2)])
            building.node("Transpose", ["soft"], "tokens", [.integers("perm", [0, 2, 1])])
            building.node("ReduceSum", ["tokens", "channel"], "sum")
            building.node("Add", ["tiny", "sum"], "shifted")
            building.node("Div", ["tokens", "shifted"], "divided")
            building.node("Reshape", ["divided", "sizes"], "shaped")
            building.node("Transpose", ["shaped"], "anime", [.integers("perm", [0, 3, 1, 2])])
        }
        guard made.graph.nodes.count == 2, case .pixelAttention(let epsilon) = made.graph.nodes[1].operation else {
            Issue.record("\(made.graph.nodes.count) operations were made")
            return
        }
        #expect(epsilon == 1e-9)
        #expect(try made.run(Self.picture, height: 8, width: 12).allSatisfy { (0...1).contains($0) })
    }

    @Test("a picture with the channels last goes through padding and transposes to a convolution with a border")
    func channelsLast() throws {
        let made = try network { building in
            building.model.graph.input = [OnnxBuilding.pictureChannelsLast("photo")]
            building.pad("photo", "none", [0, 0, 0, 0], channelsLast: true)
            building.pad("none", "padded", [1, 1, 0, 0], channelsLast: true)
            building.node("Transpose", ["padded"], "first", [.integers("perm", [0, 3, 1, 2])])
            building.convolution("first", "small", depth: 3, outputs: 3, kernel: 3, stride: 2)
            building.constant("scales", [4], [1, 1, 2, 2])
            building.node(
                "Resize", ["small", "", "scales"], "large",
                [.text("mode", "linear"), .text("coordinate_transformation_mode", "asymmetric")])
            building.node("Tanh", ["large"], "bounded")
            building.node("Transpose", ["bounded"], "anime", [.integers("perm", [0, 2, 3, 1])])
        }
        #expect(made.sideMultiple == 2)
        guard case .convolution(let window, _, _, _)? = made.graph.nodes.first?.operation else {
            Issue.record("no convolution was made")
            return
        }
        #expect(window.border == .reflect && window.padding == Padding(top: 1, left: 1, bottom: 0, right: 0))
    }

    @Test("sizes that are computed in the graph resolve to a factor, with aligned corners")
    func computedSizes() throws {
        let made = try network { building in
            building.integers("zero", [0])
            building.integers("two", [2])
            building.integers("end", [Int.max])
            building.node("SpaceToDepth", ["photo"], "blocks", [.integer("blocksize", 2)])
            building.convolution("blocks", "small", depth: 12, outputs: 3, kernel: 1)
            building.node("Shape", ["small"], "own")
            building.node("Shape", ["photo"], "whole")
            building.node("Slice", ["own", "zero", "two"], "front")
            building.node("Slice", ["whole", "two", "end", "zero"], "sides")
            building.node("Cast", ["sides"], "cast", [.integer("to", 6)])
            building.node("Concat", ["front", "cast"], "sizes", [.integer("axis", 0)])
            building.node(
                "Resize", ["small", "", "", "sizes"], "anime",
                [.text("mode", "linear"), .text("coordinate_transformation_mode", "align_corners")])
        }
        guard case .resize(let resize)? = made.graph.nodes.last?.operation else {
            Issue.record("no Resize was made")
            return
        }
        #expect(resize == Resize(mode: .bilinear, coordinates: .alignCorners, factor: 2))
        #expect(made.sideMultiple == 2)
    }

    @Test("pads that PyTorch computes from a list in its own order are read")
    func computedPads() throws {
        let made = try network { building in
            building.integers("pads", [1, 1, 2, 0])
            building.integers("pairs", [-1, 2])
            building.integers("zero", [0])
            building.integers("end", [-Int.max])
            building.integers("back", [-1])
            building.integers("four", [4])
            building.node("ConstantOfShape", ["four"], "zeros")
            building.node("Cast", ["zeros"], "whole", [.integer("to", 7)])
            building.node("Concat", ["pads", "whole"], "all", [.integer("axis", 0)])
            building.node("Reshape", ["all", "pairs"], "paired")
            building.node("Slice", ["paired", "back", "end", "zero", "back"], "reversed")
            building.node("Transpose", ["reversed"], "turned", [.integers("perm", [1, 0])])
            building.node("Reshape", ["turned", "back"], "flat")
            building.node("Pad", ["photo", "flat"], "padded", [.text("mode", "reflect")])
            building.convolution("padded", "anime", depth: 3, outputs: 3, kernel: 3)
        }
        guard case .convolution(let window, _, _, _)? = made.graph.nodes.first?.operation else {
            Issue.record("no convolution was made")
            return
        }
        #expect(window.padding == Padding(top: 2, left: 1, bottom: 0, right: 1))
    }
}
