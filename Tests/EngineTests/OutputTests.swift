import Engine
import Testing

@Suite("A network with several outputs")
struct OutputTests {
    private let draft = ModelDraft(graph: Networks.manyOutputs, seed: 11)

    /// What comes out, output by output, and whether each came row by row from top to bottom.
    private func run(_ executor: Executor, _ samples: [UInt8]) throws -> (outputs: [[UInt8]], isInOrder: Bool) {
        var outputs = [[UInt8]](repeating: [], count: draft.graph.outputs.count)
        var next = [Int](repeating: 0, count: outputs.count)
        var isInOrder = true
        let rowBytes = executor.plan.picture.width * 3
        try executor.run(
            readRow: { y, row in for x in row.indices { row[x] = samples[y * rowBytes + x] } },
            writeOutput: { output, y, row in
                isInOrder = isInOrder && y == next[output]
                next[output] += 1
                for x in row.indices { outputs[output].append(row[x]) }
            })
        return (outputs, isInOrder)
    }

    @Test("hands each out as it is defined, also those that its own layers read", arguments: InstructionSet.available)
    func equalsDefinition(instructionSet: InstructionSet) throws {
        try withFile(draft.fileBytes()) { path in
            let model = try ModelFile(path: path)
            #expect(model.graph.outputs.map(\.name) == ["deep", "anime", "half"])
            for (width, height) in [(4, 4), (36, 44), (12, 64)] {
                let photo = noise(width: width, height: height, seed: 7)
                let expected = try draft.outputs(of: photo, width: width, height: height)
                for (threads, strip) in [(1, 4), (3, 8), (2, 1000)] {
                    let plan = try Plan(
                        graph: model.graph, picture: .init(height: height, width: width), stripRows: strip)
                    let executor = try Executor(
                        model: model, plan: plan, instructionSet: instructionSet, threads: threads)
                    let made = try run(executor, photo)
                    #expect(made.outputs == expected, "\(width)x\(height), strip \(strip), \(threads) threads")
                    #expect(made.isInOrder)
                    #expect(try executor.paint(photo) == expected[0])
                }
            }
        }
    }

    @Test("of phases that wait for each other hands each out in full")
    func phases() throws {
        var graph = Networks.passes
        let samples = noise(width: 16, height: 16, seed: 3)
        graph = Graph(
            name: graph.name, style: graph.style, title: graph.title, licence: graph.licence,
            sideMultiple: graph.sideMultiple, tensors: graph.tensors, layers: graph.layers,
            outputs: (1...7).map { .init(name: "out\($0)", tensor: $0) })
        try withFile(GraphFile(graph).bytes) { path in
            let model = try ModelFile(path: path)
            let made = try [1, 5, 16].map { strip in
                let plan = try Plan(graph: model.graph, picture: .init(height: 16, width: 16), stripRows: strip)
                var outputs = [[UInt8]](repeating: [], count: 7)
                try Executor(model: model, plan: plan).run(
                    readRow: { y, row in for x in row.indices { row[x] = samples[y * 48 + x] } },
                    writeOutput: { output, _, row in for x in row.indices { outputs[output].append(row[x]) } })
                return outputs
            }
            #expect(made[0].map(\.count) == [4, 4, 4, 4, 4, 4, 3].map { $0 * 256 })
            #expect(made[0] == made[1] && made[1] == made[2])
        }
    }

    @Test("that says nothing of inputs and outputs takes its first tensor and gives its last")
    func plain() throws {
        let graph = Networks.uNet()
        #expect(graph.inputs == [.init(name: "photo", tensor: 0)])
        #expect(graph.outputs == [.init(name: "anime", tensor: 7)])
        try withFile(ModelDraft(graph: graph, seed: 5).fileBytes()) { path in
            let model = try ModelFile(path: path)
            #expect(model.graph.outputs == graph.outputs)
            let meaning = model.quantization(ofOutput: 0)
            #expect(abs(meaning.real(0, channel: 0) + 1) < 1e-6 && abs(meaning.real(255, channel: 2) - 1) < 1e-6)
        }
    }

    @Test("that lies about its outputs is refused")
    func refusals() throws {
        let whole = "\"outputs\":[{\"name\":\"deep\",\"tensor\":4},"
        for (text, expected) in [
            ("\"outputs\":[{\"name\":\"deep\",\"tensor\":99},", "a tensor that does not exist"),
            ("\"outputs\":[{\"name\":\"deep\",\"tensor\":-1},", "a tensor that does not exist"),
            ("\"outputs\":[{\"name\":\"deep\",\"tensor\":7},", "or a second time"),
            ("\"outputs\":[{\"name\":\"half\",\"tensor\":4},", "the same name twice"),
            ("\"outputs\":[{\"name\":\"\",\"tensor\":4},", "without names"),
            ("\"outputs\":[{\"tensor\":4},", "without names"),
            ("\"outputs\":[{\"name\":\"deep\",\"tensor\":0},", "its input is one of its outputs"),
            ("\"outputs\":7,\"layers_\":[{},", "no list of 1 to 64"),
            ("\"outputs\":[],\"layers_\":[{},", "no list of 1 to 64"),
            ("\"inputs\":[{\"name\":\"photo\",\"tensor\":1}],\(whole)", "is not its first tensor"),
            (
                "\"inputs\":[{\"name\":\"a\",\"tensor\":0},{\"name\":\"b\",\"tensor\":1}],\(whole)",
                "one input is supported"
            ),
        ] {
            let bytes = draft.fileBytes { $0.replacing(whole, with: text) }
            let error = withFile(bytes) { path in
                #expect(throws: ModelFileError.self, "\(text)") { try ModelFile(path: path) }
            }
            #expect(error?.reason.contains(expected) == true, "\(text): \(error?.reason ?? "")")
        }
    }
}
