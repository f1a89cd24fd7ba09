import ModelTools
import Testing

@Suite struct OnnxReaderTests {
    private func network(_ building: OnnxBuilding) throws -> FloatNetwork {
        try FloatNetwork(bytes: building.bytes, label: "net.onnx")
    }

    /// The sentence with which a file is refused, or nil when it is not.
    private func refusal(_ change: (inout OnnxBuilding) -> Void) throws -> String? {
        var building = OnnxBuilding()
        change(&building)
        let bytes = try building.bytes
        do throws(ImportError) {
            _ = try FloatNetwork(bytes: bytes, label: "net.onnx")
            return nil
        } catch {
            return error.description
        }
    }

    @Test("a network with every operator is read, and the multiple its sides must have is found")
    func student() throws {
        let network = try network(.student())
        #expect(network.sideMultiple == 4)
        let output = try network.run([Float](repeating: 0.25, count: 12 * 20 * 3), height: 12, width: 20)
        #expect(output.count == 12 * 20 * 3)
        #expect(output.allSatisfy { (-1...1).contains($0) })
    }

    @Test("sides that are not such a multiple are refused with the multiple")
    func wrongSides() throws {
        let network = try network(.student())
        #expect(throws: ImportError("the network takes sides that are multiples of 4, not 12x18")) {
            try network.run([Float](repeating: 0, count: 12 * 18 * 3), height: 12, width: 18)
        }
    }

    @Test("a convolution keeps its weights' order: 1x1 weights permute channels")
    func order() throws {
        var building = OnnxBuilding()
        building.constant("w", [3, 3, 1, 1], [0, 1, 0, 0, 0, 1, 2, 0, 0])
        building.node("Conv", ["photo", "w"], "anime")
        let output = try network(building).run([1, 2, 3], height: 1, width: 1)
        #expect(output == [2, 3, 2])
    }

    @Test("batch normalization scales and shifts as its definition says")
    func batchNormalization() throws {
        var building = OnnxBuilding()
        building.constant("scale", [3], [1, 2, 3])
        building.constant("offset", [3], [0, 1, 0])
        building.constant("mean", [3], [0, 1, 2])
        building.constant("variance", [3], [1, 4, 9])
        building.node("BatchNormalization", ["photo", "scale", "offset", "mean", "variance"], "anime")
        let output = try network(building).run([1, 3, 5], height: 1, width: 1)
        for (made, wanted) in zip(output, [Float(1), 3, 3]) { #expect(abs(made - wanted) < 1e-4) }
    }

    @Test("constants may be nodes, half precision or raw bytes, and Identity passes them on")
    func constants() throws {
        var building = OnnxBuilding()
        var half = Onnx_TensorProto()
        half.dataType = 10
        half.dims = [1]
        half.rawData = .init([0x00, 0xC0])
        var value = Onnx_AttributeProto()
        value.name = "value"
        value.type = .tensor
        value.t = half
        building.node("Constant", [], "two", [value])
        building.node("Identity", ["two"], "same")
        building.node("Mul", ["photo", "same"], "scaled")
        building.node("Identity", ["scaled"], "anime")
        #expect(try network(building).run([1, 2, 3], height: 1, width: 1) == [-2, -4, -6])
    }

    /// What the network makes of one pixel or more of value 1, 2 and 3 per channel.
    private func made(_ building: OnnxBuilding, side: Int = 1) throws -> [Float] {
        try network(building).run((0..<side * side * 3).map { Float($0 % 3 + 1) }, height: side, width: side)
    }

    @Test("PReLU takes a slope per channel, also negative ones")
    func slopes() throws {
        var building = OnnxBuilding()
        building.constant("minus", [], [-1])
        building.node("Mul", ["photo", "minus"], "turned")
        building.constant("slopes", [3, 1, 1], [0.5, -2, 1.5])
        building.node("PRelu", ["turned", "slopes"], "anime")
        #expect(try made(building) == [-0.5, 4, -4.5])
    }

    @Test("a transposed convolution whose windows lie side by side makes blocks of pixels")
    func transposed() throws {
        var building = OnnxBuilding()
        // From each channel to the one output, [input][output][row][column].
        building.constant("weight", [3, 1, 2, 2], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1])
        building.node(
            "ConvTranspose", ["photo", "weight"], "anime",
            [.integers("kernel_shape", [2, 2]), .integers("strides", [2, 2])])
        #expect(try made(building) == [1, 2, 3, 3])
        building.model.graph.node[0].attribute[1] = .integers("strides", [1, 1])
        #expect(throws: ImportError.self) { try network(building) }
    }

    @Test("zeros can be padded as channels, and the largest value be taken out of a window")
    func channelsAndPooling() throws {
        var building = OnnxBuilding()
        building.integers("pads", [0, 1, 0, 0, 0, 2, 0, 0])
        building.node("Pad", ["photo", "pads"], "anime")
        #expect(try made(building) == [0, 1, 2, 3, 0, 0])
        building = OnnxBuilding()
        building.node(
            "MaxPool", ["photo"], "anime", [.integers("kernel_shape", [2, 2]), .integers("strides", [2, 2])])
        let output = try network(building).run((0..<12).map { Float($0) }, height: 2, width: 2)
        #expect(output == [9, 10, 11])
        building.model.graph.node[0].attribute.append(.integer("ceil_mode", 1))
        #expect(throws: ImportError.self) { try network(building) }
    }

    @Test("an operator that is not supported is named with its node and what is supported")
    func unsupported() throws {
        let sentence = try refusal { $0.node("Einsum", ["photo"], "anime") }
        #expect(sentence?.contains("node 'Einsum of anime' (Einsum) is not supported") == true)
        #expect(sentence?.contains("Conv, ConvTranspose, DepthToSpace") == true)
    }

    @Test("an attribute that is not supported is named")
    func unsupportedAttribute() throws {
        let sentence = try refusal { building in
            building.convolution("photo", "anime", depth: 3, outputs: 3, kernel: 3, padding: 1)
            building.model.graph.node[0].attribute.append(.integers("dilations", [2, 2]))
        }
        #expect(sentence?.contains("is dilated by [2, 2]") == true)
    }

    @Test("a missing initializer, a cycle and a name that is made twice are refused")
    func missing() throws {
        let missing = try refusal { $0.node("Conv", ["photo", "nowhere"], "anime") }
        #expect(missing?.contains("'nowhere' is not one") == true)
        let cycle = try refusal { building in
            building.node("Add", ["photo", "b"], "a")
            building.node("Clip", ["a"], "b")
            building.node("Clip", ["b"], "anime")
        }
        #expect(cycle?.contains("'b'") == true && cycle?.contains("cycle") == true)
        let twice = try refusal { building in
            building.node("Clip", ["photo"], "anime")
            building.node("Clip", ["photo"], "anime")
        }
        #expect(twice?.contains("exists already") == true)
    }

    @Test("wrong ranks, channels and counts are refused with what is allowed")
    func shapes() throws {
        let rank = try refusal { building in
            building.constant("w", [3, 3], [Float](repeating: 1, count: 9))
            building.node("Conv", ["photo", "w"], "anime")
        }
        #expect(rank?.contains("4 dimensions are supported") == true)
        let channels = try refusal { $0.convolution("photo", "anime", depth: 4, outputs: 3, kernel: 1) }
        #expect(channels?.contains("has weights for 4 channels, and its input has 3") == true)
        let groups = try refusal { $0.convolution("photo", "anime", depth: 1, outputs: 6, kernel: 1, groups: 3) }
        #expect(groups?.contains("3 groups") == true)
        let input = try refusal { building in
            building.model.graph.input = [OnnxBuilding.picture("photo", channels: 1)]
            building.node("Clip", ["photo"], "anime")
        }
        #expect(input?.contains("has 1 channels, and 3 are supported") == true)
    }

    @Test("sizes that a tensor claims but does not hold are refused before memory is taken")
    func claims() throws {
        let huge = try refusal { building in
            building.constant("w", [1 << 30, 1 << 30, 1 << 30, 1 << 30], [])
            building.node("Conv", ["photo", "w"], "anime")
        }
        #expect(huge?.contains("at most 64 Mi elements") == true)
        let short = try refusal { building in
            building.constant("w", [3, 3, 1, 1], [1, 2])
            building.node("Conv", ["photo", "w"], "anime")
        }
        #expect(short?.contains("holds 2 elements") == true)
        let negative = try refusal { building in
            building.constant("w", [-3, 3, 1, 1], [])
            building.node("Conv", ["photo", "w"], "anime")
        }
        #expect(negative?.contains("claims a size of [-3, 3, 1, 1]") == true)
    }

    @Test("data in another file is refused")
    func externalData() throws {
        let sentence = try refusal { building in
            building.convolution("photo", "anime", depth: 3, outputs: 3, kernel: 1)
            building.model.graph.initializer[0].dataLocation = .external
        }
        #expect(sentence?.contains("keeps its data in another file") == true)
    }

    @Test("a window, stride or block that is out of bounds is refused")
    func bounds() throws {
        let window = try refusal { $0.convolution("photo", "anime", depth: 3, outputs: 3, kernel: 17, padding: 8) }
        #expect(window?.contains("1 to 15 are supported") == true)
        let stride = try refusal { building in
            building.convolution("photo", "anime", depth: 3, outputs: 3, kernel: 1, stride: 1 << 40)
        }
        #expect(stride?.contains("1 to 15 are supported") == true)
        let block = try refusal { $0.node("DepthToSpace", ["photo"], "anime", [.integer("blocksize", 1 << 40)]) }
        #expect(block?.contains("1 to 8 are supported") == true)
    }

    @Test("feature maps that grow without bound are refused")
    func growth() throws {
        let sentence = try refusal { building in
            var value = "photo"
            for step in 0..<8 {
                value = building.convolution(value, "wide\(step)", depth: 3, outputs: 192, kernel: 1)
                value = building.node("DepthToSpace", [value], "big\(step)", [.integer("blocksize", 8)])
            }
            building.node("Clip", [value], "anime")
        }
        #expect(sentence?.contains("are allowed") == true)
    }

    @Test("a file that does not exist is named")
    func noFile() {
        let wanted = ImportError("/nowhere/net.onnx cannot be read: No such file or directory")
        #expect(throws: wanted) { try FloatNetwork(path: "/nowhere/net.onnx") }
    }
}
