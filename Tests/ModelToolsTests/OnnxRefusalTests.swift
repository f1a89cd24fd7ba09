import ModelTools
import Testing

/// What cannot be understood as one of the network's operations is refused with its node and one sentence.
@Suite struct OnnxRefusalTests {
    private func refusal(_ change: (inout OnnxBuilding) -> Void) throws -> String {
        var building = OnnxBuilding()
        building.constant("epsilon", [1, 1, 1, 1], [0.001])
        change(&building)
        let bytes = try building.bytes
        do throws(ImportError) {
            _ = try FloatNetwork(bytes: bytes, label: "net.onnx")
            return "nothing was refused"
        } catch {
            return error.description
        }
    }

    @Test("a padded map that something else than a convolution reads is refused")
    func padding() throws {
        let read = try refusal { building in
            building.pad("photo", "padded", [1, 1, 1, 1])
            building.node("Tanh", ["padded"], "anime")
        }
        #expect(read.contains("reads a padded feature map, 'padded'"))
        let own = try refusal { building in
            building.pad("photo", "padded", [1, 1, 1, 1])
            building.convolution("padded", "anime", depth: 3, outputs: 3, kernel: 5, padding: 1)
        }
        #expect(own.contains("has pads of its own after a Pad"))
        let mode = try refusal { $0.pad("photo", "anime", [1, 1, 1, 1], mode: "edge") }
        #expect(mode.contains("has the mode edge, and reflect and constant are supported"))
        let negative = try refusal { $0.pad("photo", "anime", [-1, 1, 1, 1]) }
        #expect(negative.contains("adds -1 and 1 to dimension 2"))
        let channels = try refusal { building in
            building.integers("pads", [0, 1, 0, 0, 0, 1, 0, 0])
            building.node("Pad", ["photo", "pads"], "anime", [.text("mode", "reflect")])
        }
        #expect(channels.contains("only height and width can be padded"))
        let both = try refusal { building in
            building.integers("pads", [0, 1, 1, 0, 0, 1, 0, 0])
            building.node("Pad", ["photo", "pads"], "anime")
        }
        #expect(both.contains("pads channels and pixels at once"))
    }

    @Test("parts of a normalization that do not make one are refused with what they are")
    func normalization() throws {
        let mean = try refusal { $0.node("GlobalAveragePool", ["photo"], "anime") }
        #expect(mean.contains("the output 'anime' reads a mean"))
        let foreign = try refusal { building in
            building.convolution("photo", "other", depth: 3, outputs: 3, kernel: 1)
            building.node("GlobalAveragePool", ["other"], "mean")
            building.node("Sub", ["photo", "mean"], "anime")
        }
        #expect(foreign.contains("is Sub of a feature map and a mean"))
        let epsilons = try refusal { building in
            building.constant("second", [], [0.5])
            building.convolution("photo", "model", depth: 3, outputs: 3, kernel: 1)
            let own = building.writtenNormalization("photo", "own", epsilon: "epsilon")
            let other = building.writtenNormalization("model", "other", epsilon: "second")
            building.node("Mul", [own.normalized, other.deviation], "scaled")
            building.node("Add", ["scaled", other.mean], "anime")
        }
        #expect(epsilons.contains("is Add of a difference from a mean and a mean"))
        let root = try refusal { $0.node("Sqrt", ["photo"], "anime") }
        #expect(root.contains("is given a feature map, and only variances"))
        let rows = try refusal { $0.node("ReduceMean", ["photo"], "anime", [.integers("axes", [2])]) }
        #expect(rows.contains("neither over all pixels nor over all pixels and channels"))
        let groups = try refusal { building in
            building.convolution("photo", "wide", depth: 3, outputs: 6, kernel: 1)
            building.constant("ones", [6], [1, 1, 1, 1, 1, 1])
            building.node("GroupNormalization", ["wide", "ones", "ones"], "anime", [.integer("num_groups", 2)])
        }
        #expect(groups.contains("has 2 groups, and 1 or as many as channels"))
    }

    @Test("dimensions that meet in different orders are refused")
    func order() throws {
        let sentence = try refusal { building in
            building.node("GlobalAveragePool", ["photo"], "mean")
            building.node("Transpose", ["mean"], "moved", [.integers("perm", [0, 2, 3, 1])])
            building.node("Sub", ["photo", "moved"], "anime")
        }
        #expect(sentence.contains("dimensions are in different orders"))
        let convolution = try refusal { building in
            building.node("Transpose", ["photo"], "moved", [.integers("perm", [0, 2, 3, 1])])
            building.convolution("moved", "anime", depth: 3, outputs: 3, kernel: 1)
        }
        #expect(convolution.contains("another order than 1 x channels x height x width"))
        let permutation = try refusal { $0.node("Transpose", ["photo"], "anime", [.integers("perm", [0, 1, 1, 2])]) }
        #expect(permutation.contains("has a permutation [0, 1, 1, 2] of 4 dimensions"))
    }

    @Test("attention that is over something else than pixels is refused")
    func attention() throws {
        let channels = try refusal { $0.node("Softmax", ["photo"], "anime", [.integer("axis", 1)]) }
        #expect(channels.contains("only one that is all pixels is supported"))
        let sum = try refusal { building in
            building.integers("axes", [1])
            building.node("ReduceSum", ["photo", "axes"], "anime")
        }
        #expect(sum.contains("sums a feature map"))
    }

    @Test("sizes that do not resolve for every picture are refused")
    func sizes() throws {
        func resize(_ sizes: [Int], mode: String = "linear") throws -> String {
            try refusal { building in
                building.integers("sizes", sizes)
                building.node("Resize", ["photo", "", "", "sizes"], "anime", [.text("mode", mode)])
            }
        }
        #expect(try resize([1, 3, 512, 512]).contains("not a fixed multiple of its input for all pictures"))
        #expect(try resize([1, 3, 512]).contains("has 3 sizes for 4 dimensions"))
        #expect(try resize([1, 3, 8, 8], mode: "cubic").contains("resizes in the mode cubic"))
        let scales = try refusal { building in
            building.constant("scales", [4], [1, 1, 1.5, 2])
            building.node("Resize", ["photo", "", "scales"], "anime", [.text("mode", "linear")])
        }
        #expect(scales.contains("resizes by [1.0, 1.0, 1.5, 2.0], and one whole factor from 1 to 8"))
        let divided = try refusal { building in
            building.integers("halves", [1, 6, -1, 32])
            building.node("Reshape", ["photo", "halves"], "anime")
        }
        #expect(divided.contains("divides a dimension or depends on the picture's size"))
        let impossible = try refusal { building in
            building.integers("wrong", [1, 7, -1])
            building.node("Reshape", ["photo", "wrong"], "anime")
        }
        #expect(impossible.contains("cannot make [1, 7, -1]"))
        let division = try refusal { building in
            building.integers("zero", [0])
            building.node("Shape", ["photo"], "sizes")
            building.node("Div", ["sizes", "zero"], "anime")
        }
        #expect(division.contains("divides by zero"))
    }

    @Test("absurd indices and counts in the arithmetic of sizes are refused")
    func absurd() throws {
        let gather = try refusal { building in
            building.integers("far", [Int.min, Int.max])
            building.node("Shape", ["photo"], "sizes")
            building.node("Gather", ["sizes", "far"], "anime")
        }
        #expect(gather.contains("gathers the elements"))
        let filled = try refusal { building in
            building.integers("huge", [1 << 31, 1 << 31])
            building.node("ConstantOfShape", ["huge"], "anime")
        }
        #expect(filled.contains("only small lists of one number are supported"))
        let unsqueezed = try refusal { building in
            building.integers("axes", [0, 0])
            building.node("Unsqueeze", ["photo", "axes"], "anime")
        }
        #expect(unsqueezed.contains("adds dimensions [0, 0] to 4"))
        let squeezed = try refusal { building in
            building.integers("axes", [Int.min])
            building.node("Squeeze", ["photo", "axes"], "anime")
        }
        #expect(squeezed.contains("which is not a dimension of 1"))
    }

    @Test("a picture of an absurd size and a result in another order are refused")
    func pictures() throws {
        let size = try refusal { building in
            building.fixSize(height: 1 << 40, width: 8)
            building.node("Tanh", ["photo"], "anime")
        }
        #expect(size.contains("has sides above 16384 pixels"))
        let result = try refusal { building in
            building.node("Transpose", ["photo"], "anime", [.integers("perm", [0, 2, 1, 3])])
        }
        #expect(result.contains("the output 'anime' has its dimensions in an order that is not supported"))
    }
}
