import Engine
import ModelTools
import Testing

/// Networks whose normalizations need statistics of whole tensors, in 8 bits: the engine against the plain definition.
@Suite struct PassTests {
    private var pictures: [CalibrationPicture] { (1...4).map { testPicture(width: 48, height: 40, seed: $0) } }

    private func quantized(_ graph: FloatGraph) throws -> (lowered: LayerGraph, network: QuantizedNetwork) {
        let lowered = try Lowering.lower(graph, sideMultiple: graph.sideMultiple())
        let network = try Quantizer.quantize(lowered, pictures: pictures, options: QuantizationOptions()) { _, _, _ in }
            .network
        return (lowered, network)
    }

    @Test("the engine's layers make in float32 what the network makes")
    func lowering() throws {
        let graph = GraphBuilding.generator()
        let picture = testPicture(width: 36, height: 28, seed: 9).featureMap
        let wanted = try graph.run(picture)
        let made = try Lowering.lower(graph, sideMultiple: 2).run(picture)
        let difference = zip(wanted.values, made.values).map { abs($0 - $1) }.max() ?? 1
        #expect(difference < 1e-5)
    }

    @Test(
        "every instruction set, any strips and any threads give the integers of the definition",
        arguments: [Resize.Coordinates.asymmetric, .alignCorners, .halfPixel])
    func engine(_ coordinates: Resize.Coordinates) throws {
        let (_, network) = try quantized(GraphBuilding.generator(coordinates))
        let description = ModelDescription(name: "passes", style: "test", title: "", licence: "none")
        let model = try withModelFile(ModelFileWriter.write(network, description)) { try ModelFile(path: $0) }
        for (width, height) in [(44, 60), (4, 4), (130, 18), (8, 6)] {
            let picture = testPicture(width: width, height: height, seed: UInt64(width))
            let wanted = try network.run(picture).rgb
            for set in InstructionSet.available {
                for (threads, strip) in [(1, 1), (1, 16), (3, 6), (2, 1000)] {
                    let plan = try Plan(
                        graph: model.graph, picture: Graph.Extent(height: height, width: width), stripRows: strip)
                    let executor = try Executor(
                        model: model, plan: plan, instructionSet: set, threads: threads)
                    // A second time, as nothing of the first may remain.
                    for _ in 1...2 {
                        let made = try paint(picture, with: executor)
                        #expect(
                            made == wanted, "\(set.name), \(threads) threads, strips of \(strip), \(width)x\(height)")
                    }
                }
            }
        }
    }

    @Test("8 bits stay close to float32 on a picture that was not used to calibrate")
    func quality() throws {
        let graph = GraphBuilding.generator()
        let (_, network) = try quantized(graph)
        let picture = testPicture(width: 44, height: 60, seed: 91)
        var real = try graph.run(picture.featureMap)
        real.clip(to: -1...1)
        let float = FloatPicture(width: 44, height: 60, values: real.values)
        #expect(try PictureQuality(of: network.run(picture), against: float).psnr > 36)
    }

    private func paint(_ picture: CalibrationPicture, with executor: Executor) throws -> [UInt8] {
        var result: [UInt8] = []
        let rowBytes = picture.width * 3
        try executor.run(
            readRow: { y, row in for x in row.indices { row[x] = picture.rgb[y * rowBytes + x] } },
            writeRow: { _, row in for x in row.indices { result.append(row[x]) } })
        return result
    }
}
