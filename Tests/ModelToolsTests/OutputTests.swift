import Engine
import ModelTools
import Testing

/// Networks that make other things than a picture, from ONNX to the engine.
@Suite struct OutputTests {
    /// Outputs at half and at a quarter of the size; the first is read again inside the network, the second has its pixels
    /// in one dimension, the others are maps. In between are poolings, with padding and without, repeated pixels, a sum and
    /// a sigmoid.
    private func detector() -> OnnxBuilding {
        var building = OnnxBuilding(seed: 4)
        building.convolution("photo", "stem", depth: 3, outputs: 8, kernel: 3, stride: 2, padding: 1)
        building.node("Relu", ["stem"], "half")
        building.convolution("half", "wide", depth: 8, outputs: 12, kernel: 3, padding: 1)
        building.node("Relu", ["wide"], "wide.clipped")
        let two: [Onnx_AttributeProto] = [.integers("kernel_shape", [2, 2]), .integers("strides", [2, 2])]
        building.node("MaxPool", ["wide.clipped"], "down", two)
        let three: [Onnx_AttributeProto] = [
            .integers("kernel_shape", [3, 3]), .integers("strides", [2, 2]), .integers("pads", [1, 1, 1, 1]),
        ]
        building.convolution("half", "other", depth: 8, outputs: 12, kernel: 1)
        building.node("MaxPool", ["other"], "around", three)
        building.node("Add", ["down", "around"], "quarter")
        building.constant("scales", [4], [1, 1, 2, 2])
        building.convolution("quarter", "lateral", depth: 12, outputs: 8, kernel: 1)
        building.node(
            "Resize", ["lateral", "", "scales"], "repeated",
            [.text("coordinate_transformation_mode", "asymmetric"), .text("nearest_mode", "floor")])
        building.node("Add", ["repeated", "half"], "joined")
        building.convolution("joined", "weight", depth: 8, outputs: 2, kernel: 1)
        building.node("Sigmoid", ["weight"], "share")
        building.convolution("quarter", "boxes.map", depth: 12, outputs: 4, kernel: 1)
        building.node("Transpose", ["boxes.map"], "boxes.last", [.integers("perm", [0, 2, 3, 1])])
        building.integers("flat", [1, -1, 4])
        building.node("Reshape", ["boxes.last", "flat"], "boxes")
        building.convolution("quarter", "scores", depth: 12, outputs: 1, kernel: 3, padding: 1)
        building.model.graph.output = ["half", "boxes", "scores", "share"].map { OnnxBuilding.picture($0) }
        return building
    }

    /// A network of 32x32 pixels: hard-swish, squeeze and excitation, a pooling whose channels are filled up, PReLU, a
    /// transposed convolution, and a point with nothing but channels.
    private func person() -> OnnxBuilding {
        var building = OnnxBuilding(seed: 6)
        building.fixSize(height: 32, width: 32)
        for (name, value) in [("three", Float(3)), ("zero", 0), ("six", 6), ("sixth", 1 / 6)] {
            building.constant(name, [], [value])
        }
        building.convolution("photo", "stem", depth: 3, outputs: 8, kernel: 3, stride: 2, padding: 1)
        building.node("Add", ["stem", "three"], "shifted")
        building.node("Clip", ["shifted", "zero", "six"], "limited")
        building.node("Mul", ["sixth", "limited"], "gate")
        building.node("Mul", ["stem", "gate"], "swish")
        building.node(
            "AveragePool", ["swish"], "mean", [.integers("kernel_shape", [16, 16]), .integers("strides", [16, 16])])
        building.convolution("mean", "squeeze", depth: 8, outputs: 4, kernel: 1)
        building.node("Relu", ["squeeze"], "squeezed")
        building.convolution("squeezed", "excite", depth: 4, outputs: 8, kernel: 1)
        building.node("Sigmoid", ["excite"], "share")
        building.node("Mul", ["swish", "share"], "weighed")
        let two: [Onnx_AttributeProto] = [.integers("kernel_shape", [2, 2]), .integers("strides", [2, 2])]
        building.node("MaxPool", ["weighed"], "pooled", two)
        building.integers("more", [0, 0, 0, 0, 0, 8, 0, 0])
        building.node("Pad", ["pooled", "more"], "wide")
        building.convolution("weighed", "down", depth: 8, outputs: 16, kernel: 3, stride: 2, padding: 1)
        building.node("Add", ["wide", "down"], "sum")
        building.constant("slopes", [1, 16, 1, 1], (0..<16).map { Float($0) / 8 - 1 })
        building.node("PRelu", ["sum", "slopes"], "bent")
        let weights = building.random("segment.weight", [16, 1, 2, 2], scale: 0.5)
        building.node("ConvTranspose", ["bent", weights], "segment", two + [.integers("output_shape", [16, 16])])
        building.node("Sigmoid", ["segment"], "person.map")
        building.integers("last", [1, 16, 16, 1])
        building.node("Reshape", ["person.map", "last"], "person")
        building.convolution("bent", "point.map", depth: 16, outputs: 6, kernel: 8)
        building.integers("flat", [1, 6])
        building.node("Reshape", ["point.map", "flat"], "point")
        building.model.graph.output = ["person", "point"].map { OnnxBuilding.picture($0) }
        return building
    }

    private var pictures: [CalibrationPicture] { (1...4).map { testPicture(width: 48, height: 40, seed: $0) } }

    @Test("all outputs are read by their names, and no picture is promised")
    func read() throws {
        let network = try FloatNetwork(bytes: detector().bytes, label: "net.onnx")
        #expect(network.outputNames == ["half", "boxes", "scores", "share"])
        #expect(network.paintingScale == nil)
        let results = try network.results(of: [Float](repeating: 0.5, count: 8 * 12 * 3), height: 8, width: 12)
        #expect(
            results.map { [$0.height, $0.width, $0.channels] } == [[4, 6, 8], [2, 3, 4], [2, 3, 1], [4, 6, 2]])
        #expect(throws: ImportError.self) { try network.run(testPicture(width: 8, height: 8, seed: 1)) }
        let student = try FloatNetwork(bytes: OnnxBuilding.student().bytes, label: "net.onnx")
        #expect(student.paintingScale == 1)
    }

    @Test("the engine's layers make in float32 what the network makes, output by output")
    func lowering() throws {
        let network = try FloatNetwork(bytes: detector().bytes, label: "net.onnx")
        let picture = testPicture(width: 36, height: 28, seed: 9).featureMap
        let lowered = try Lowering.lower(network.graph, sideMultiple: network.sideMultiple)
        #expect(lowered.outputs.map(\.name) == network.outputNames)
        for (wanted, made) in zip(try network.graph.results(of: picture), try lowered.results(of: picture)) {
            #expect(wanted.shape == made.shape)
            #expect(zip(wanted.values, made.values).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test("the engine makes the integers of the definition, and they stand for numbers close to float32")
    func engine() throws {
        try checkEngine(detector(), picture: testPicture(width: 44, height: 60, seed: 91), reals: 2)
    }

    @Test("so it does for a network of one size, with squeeze and excitation, PReLU and all that face networks have")
    func faceNetwork() throws {
        try checkEngine(person(), picture: testPicture(width: 32, height: 32, seed: 91), reals: 1)
    }

    private func checkEngine(_ building: OnnxBuilding, picture: CalibrationPicture, reals: Int) throws {
        let network = try FloatNetwork(bytes: building.bytes, label: "net.onnx")
        let description = ModelDescription(name: "detector", style: "none", title: "", licence: "none")
        let quantized = try network.quantized(on: pictures, as: description)
        let model = try withModelFile(quantized.file) { try ModelFile(path: $0) }
        #expect(model.graph.outputs.map(\.name) == network.outputNames)
        let wanted = try quantized.network.results(of: picture)
        let real = try network.graph.results(of: picture.featureMap)
        var made: [[Float]] = []
        for set in InstructionSet.available {
            for (threads, strip) in [(1, 4), (3, 8), (2, 1000)] {
                let plan = try Plan(
                    graph: model.graph, picture: Graph.Extent(height: picture.height, width: picture.width),
                    stripRows: strip)
                let executor = try Executor(model: model, plan: plan, instructionSet: set, threads: threads)
                let outputs = try run(executor, picture, count: wanted.count)
                for (index, result) in wanted.enumerated() {
                    let numbers = numbers(result, model.quantization(ofOutput: index))
                    #expect(
                        outputs[index] == numbers, "\(set), \(threads) threads, strips of \(strip), output \(index)")
                }
                made = outputs
            }
        }
        for (index, real) in real.enumerated() {
            let differences = zip(made[index], real.values).map { $0 - $1 }
            let noise = differences.reduce(0) { $0 + $1 * $1 }
            let signal = real.values.reduce(0) { $0 + $1 * $1 }
            #expect(signal > 200 * noise, "\(network.outputNames[index])")
        }
        #expect(model.graph.tensors.count(where: \.isReal) == reals)
    }

    private func numbers(_ result: QuantizedNetwork.Result, _ meaning: ModelFile.Quantization) -> [Float] {
        switch result {
        case .reals(let map): map.values
        case .bytes(let map):
            map.values.enumerated().map { at, value in
                meaning.real(UInt8(bitPattern: value) ^ 0x80, channel: at % map.shape.channels)
            }
        }
    }

    @Test("scores reach from 0 to 1, whatever the calibration pictures show")
    func scores() throws {
        let network = try FloatNetwork(bytes: detector().bytes, label: "net.onnx")
        let description = ModelDescription(name: "detector", style: "none", title: "", licence: "none")
        let dark = try #require(CalibrationPicture(width: 32, height: 32, rgb: [UInt8](repeating: 9, count: 3072)))
        let quantized = try network.quantized(on: [dark], as: description)
        let model = try withModelFile(quantized.file) { try ModelFile(path: $0) }
        let index = try #require(network.outputNames.firstIndex(of: "share"))
        let meaning = model.quantization(ofOutput: index)
        #expect(abs(meaning.real(0, channel: 0)) < 1e-6 && abs(meaning.real(255, channel: 1) - 1) < 1e-6)
    }

    @Test("a network of one size says so and takes no other")
    func onlySize() throws {
        let network = try FloatNetwork(bytes: person().bytes, label: "net.onnx")
        #expect(network.onlySide == 32 && network.outputNames == ["person", "point"])
        let error = #expect(throws: ImportError.self) {
            try network.run([Float](repeating: 0, count: 64 * 64 * 3), height: 64, width: 64)
        }
        #expect(error?.description.contains("takes pictures of 32x32") == true)
    }

    @Test("an output beside the picture leaves the picture as it is")
    func besideThePicture() throws {
        var building = OnnxBuilding.student()
        building.model.graph.output.append(OnnxBuilding.picture("body"))
        let network = try FloatNetwork(bytes: building.bytes, label: "net.onnx")
        let plain = try FloatNetwork(bytes: OnnxBuilding.student().bytes, label: "net.onnx")
        #expect(network.paintingScale == 1)
        let description = ModelDescription(name: "a", style: "b", title: "c", licence: "d")
        let picture = testPicture(width: 44, height: 60, seed: 5)
        let made = try network.quantized(on: pictures, as: description)
        #expect(try made.run(picture).rgb == plain.quantized(on: pictures, as: description).run(picture).rgb)
        #expect(
            try withModelFile(made.file) { try ModelFile(path: $0) }.graph.outputs.map(\.name) == ["anime", "body"])
    }

    @Test("one value under two names, and proportions that depend on the size, are refused")
    func refusals() throws {
        var twice = detector()
        twice.node("Identity", ["half"], "same")
        twice.model.graph.output.append(OnnxBuilding.picture("same"))
        let same = #expect(throws: ImportError.self) { try FloatNetwork(bytes: twice.bytes, label: "net.onnx") }
        #expect(same?.description.contains("two outputs of the graph are the same") == true)
        var odd = detector()
        odd.convolution("half", "odd", depth: 8, outputs: 2, kernel: 3)
        odd.model.graph.output.append(OnnxBuilding.picture("odd"))
        let proportion = #expect(throws: ImportError.self) { try FloatNetwork(bytes: odd.bytes, label: "net.onnx") }
        #expect(proportion?.description.contains("proportion") == true)
    }

    private func run(_ executor: Executor, _ picture: CalibrationPicture, count: Int) throws -> [[Float]] {
        var outputs = [[Float]](repeating: [], count: count)
        try executor.run(
            readRow: { y, row in for x in row.indices { row[x] = picture.rgb[y * row.count + x] } },
            writeNumbers: { output, _, row in for x in row.indices { outputs[output].append(row[x]) } })
        return outputs
    }
}
