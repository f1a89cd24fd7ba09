import Engine
import Testing

@Suite("bench")
struct BenchTests {
    @Test("tells model, size, kernels, times, work and memory to a person")
    func text() throws {
        let outcome = try animesnap(
            "bench", "--style", "cute", "--size", "64x48", "--repeat", "2", "--threads", "1", "--isa", "reference")
        expectSuccess(outcome)
        let lines = outcome.lines
        try #require(lines.count == 4, "\(outcome.text)")
        #expect(lines[0].hasPrefix("cute-m at 64x48, reference, 1 thread, strips of "))
        #expect(try #/median [\d.]+ ms, fastest [\d.]+ ms of 2/#.wholeMatch(in: lines[1]) != nil, "\(lines[1])")
        #expect(try #/[\d.]+ GMAC a picture, [\d.]+ GMAC/s/#.wholeMatch(in: lines[2]) != nil, "\(lines[2])")
        #expect(try #/workspace [\d.]+ MB, peak memory [\d.]+ MB/#.wholeMatch(in: lines[3]) != nil, "\(lines[3])")
    }

    @Test("keeps to the strip rows that are asked for, and its memory follows")
    func strips() throws {
        func workspace(_ rows: Int) throws -> Int {
            let outcome = try animesnap(
                "bench", "--size", "64x256", "--repeat", "1", "--json", "--strip-rows", "\(rows)")
            expectSuccess(outcome)
            #expect(outcome.text.contains("\"strip_rows\":\(rows),"))
            let number = try #require(outcome.text.firstMatch(of: #/"workspace_bytes":(\d+)/#)?.output.1)
            return try #require(Int(number))
        }
        let (low, high) = (try workspace(16), try workspace(256))
        #expect(low * 3 < high)
    }
}
