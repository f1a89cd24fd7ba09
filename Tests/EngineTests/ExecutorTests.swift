import Engine
import Testing

@Suite("The executor")
struct ExecutorTests {
    struct Abandoned: Error {}

    @Test(
        "paints what the definition says, on every instruction set, with any strip and 1 to 4 threads",
        arguments: InstructionSet.available)
    func equalsDefinition(instructionSet: InstructionSet) throws {
        for (seed, widths) in [(12, 24), (8, 20), (5, 7), (24, 48)].enumerated() {
            let draft = ModelDraft(graph: Networks.uNet(widths: widths), seed: UInt64(seed))
            try withFile(draft.fileBytes()) { path in
                let model = try ModelFile(path: path)
                for (width, height) in [(4, 4), (36, 44), (68, 20), (12, 64)] {
                    let photo = noise(width: width, height: height, seed: 7)
                    let expected = try draft.paint(photo, width: width, height: height)
                    for strip in [4, 8, 20, 1000] {
                        for threads in 1...4 {
                            let plan = try Plan(
                                graph: model.graph, picture: .init(height: height, width: width), stripRows: strip)
                            let executor = try Executor(
                                model: model, plan: plan, instructionSet: instructionSet, threads: threads)
                            #expect(
                                try executor.paint(photo) == expected,
                                "\(width)x\(height), strip \(strip), \(threads) threads")
                        }
                    }
                }
            }
        }
    }

    @Test("makes the same picture piece by piece, as another network asks for it", arguments: InstructionSet.available)
    func pieces(instructionSet: InstructionSet) throws {
        let draft = ModelDraft(graph: Networks.uNet(widths: (8, 12)), seed: 9)
        try withFile(draft.fileBytes()) { path in
            let model = try ModelFile(path: path)
            let photo = noise(width: 36, height: 44, seed: 7)
            let expected = try draft.paint(photo, width: 36, height: 44)
            for threads in 1...3 {
                let plan = try Plan(graph: model.graph, picture: .init(height: 44, width: 36), stripRows: 8)
                let executor = try Executor(model: model, plan: plan, instructionSet: instructionSet, threads: threads)
                // The second one is abandoned in its middle.
                for pieces in [1000, 2, 1000] {
                    var made: [UInt8] = []
                    var count = 0
                    executor.start()
                    while count < pieces,
                        executor.advance(
                            readRow: { y, row in for x in row.indices { row[x] = photo[y * row.count + x] } },
                            writeOutput: { _, _, row in for x in row.indices { made.append(row[x]) } })
                    { count += 1 }
                    #expect(made == Array(expected.prefix(made.count)))
                    #expect(pieces == 2 || made.count == expected.count)
                    #expect(pieces == 2 || count > 3, "rows come out before all have gone in")
                }
            }
        }
    }

    @Test("does nothing more after a picture that failed, until another one begins")
    func abandoned() throws {
        let draft = ModelDraft(graph: Networks.uNet(widths: (5, 7)), seed: 2)
        try withFile(draft.fileBytes()) { path in
            let model = try ModelFile(path: path)
            let executor = try Executor(
                model: model, plan: Plan(graph: model.graph, picture: .init(height: 16, width: 16), stripRows: 4))
            executor.start()
            #expect(throws: Abandoned.self) {
                _ = try executor.advance(
                    readRow: { _, _ in throw Abandoned() }, writeOutput: { _, _, _ in })
            }
            #expect(!executor.advance(readRow: { _, _ in }, writeOutput: { _, _, _ in }))
            let photo = noise(width: 16, height: 16, seed: 3)
            #expect(try executor.paint(photo) == draft.paint(photo, width: 16, height: 16))
        }
    }

    @Test("paints pictures of every width from 1 to 70 with a 7x7 window", arguments: InstructionSet.available)
    func everyWidth(instructionSet: InstructionSet) throws {
        let draft = ModelDraft(graph: Networks.wideWindow, seed: 3)
        try withFile(draft.fileBytes()) { path in
            let model = try ModelFile(path: path)
            for width in 1...70 {
                let photo = noise(width: width, height: 5, seed: UInt64(width))
                let plan = try Plan(graph: model.graph, picture: .init(height: 5, width: width), stripRows: 1)
                let executor = try Executor(model: model, plan: plan, instructionSet: instructionSet, threads: 2)
                #expect(try executor.paint(photo) == draft.paint(photo, width: width, height: 5))
            }
        }
    }

    @Test("paints a picture of 4097 pixels across, one row at a time", arguments: InstructionSet.available)
    func oddAndWide(instructionSet: InstructionSet) throws {
        let draft = ModelDraft(graph: Networks.wideWindow, seed: 4)
        try withFile(draft.fileBytes()) { path in
            let model = try ModelFile(path: path)
            let photo = noise(width: 4097, height: 3, seed: 5)
            let plan = try Plan(graph: model.graph, picture: .init(height: 3, width: 4097), stripRows: 1)
            let executor = try Executor(model: model, plan: plan, instructionSet: instructionSet, threads: 2)
            #expect(try executor.paint(photo) == draft.paint(photo, width: 4097, height: 3))
        }
    }

    @Test("can be used again and again, also after a picture was abandoned")
    func reuse() throws {
        let draft = ModelDraft(graph: Networks.uNet(), seed: 1)
        try withFile(draft.fileBytes()) { path in
            let model = try ModelFile(path: path)
            let plan = try Plan(graph: model.graph, picture: .init(height: 64, width: 32), stripRows: 8)
            let executor = try Executor(model: model, plan: plan, threads: 3)
            let photo = noise(width: 32, height: 64, seed: 2)
            let expected = try draft.paint(photo, width: 32, height: 64)
            for row in [0, 9, 63] {
                #expect(throws: Abandoned.self) {
                    try executor.run(
                        readRow: { y, _ in if y == row { throw Abandoned() } }, writeRow: { _, _ in })
                }
                #expect(throws: Abandoned.self) {
                    try executor.run(
                        readRow: { _, _ in }, writeRow: { y, _ in if y == row { throw Abandoned() } })
                }
                #expect(try executor.paint(photo) == expected)
            }
        }
    }

    @Test("refuses sizes that the network cannot take, and numbers of threads out of range")
    func refusals() throws {
        let draft = ModelDraft(graph: Networks.uNet(), seed: 1)
        #expect(throws: EngineError.self) { try Plan(graph: draft.graph, picture: .init(height: 64, width: 33)) }
        #expect(throws: EngineError.self) { try Plan(graph: draft.graph, picture: .init(height: 0, width: 0)) }
        try withFile(draft.fileBytes()) { path in
            let model = try ModelFile(path: path)
            let plan = try Plan(graph: model.graph, picture: .init(height: 4, width: 4))
            #expect(throws: EngineError.self) { try Executor(model: model, plan: plan, threads: 0) }
            #expect(throws: EngineError.self) { try Executor(model: model, plan: plan, threads: 65) }
        }
    }
}
