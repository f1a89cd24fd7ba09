import CAllocationCount
import Engine
import Testing

@Test("Painting a picture takes nothing from the heap")
func allocationFree() throws {
    let draft = ModelDraft(graph: Networks.uNet(), seed: 9)
    try withFile(draft.fileBytes()) { path in
        let model = try ModelFile(path: path)
        let plan = try Plan(graph: model.graph, picture: .init(height: 64, width: 64), stripRows: 8)
        let executor = try Executor(model: model, plan: plan, threads: 1)
        var samples = 0
        func paint() throws {
            try executor.run(
                readRow: { y, row in for x in row.indices { row[x] = UInt8(truncatingIfNeeded: x &* y) } },
                writeRow: { _, row in samples += row.count })
        }
        try paint()
        allocation_count_begin()
        try paint()
        let blocks = allocation_count_end()
        #expect(blocks == 0)
        #expect(samples == 2 * 64 * 64 * 3)
        // The counter itself works.
        allocation_count_begin()
        let array = [Int](repeating: samples, count: 1000)
        #expect(allocation_count_end() > 0, "\(array.count)")
    }
}
