import Engine
import Testing

@Suite("The bytes of a result")
struct SameBytesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func convert(_ size: Int, _ arguments: String...) throws -> [UInt8] {
        let outcome = try animesnap(
            ["convert", Places.photo, "-o", folder("anime.jpg"), "--size", "\(size)"] + arguments)
        expectSuccess(outcome)
        let bytes = folder.bytes("anime.jpg")
        try #require(!bytes.isEmpty)
        return bytes
    }

    @Test("are those of the scalar kernels with every instruction set of this processor", arguments: Places.models)
    func reference(_ model: String) throws {
        let expected = try convert(72, "--model", model, "--isa", "reference", "--threads", "1")
        for set in InstructionSet.available {
            #expect(try convert(72, "--model", model, "--isa", set.name) == expected, "\(set)")
        }
    }

    @Test("do not depend on threads and strips", arguments: Places.models)
    func threadsAndStrips(_ model: String) throws {
        let expected = try convert(Places.size, "--model", model)
        let threads = Places.isEmulated ? [1, 3] : [1, 2, 3, 4]
        let strips = Places.isEmulated ? [8, 32768] : [1, 8, 40, 104, 32768]
        // The slow scalar kernels were compared above.
        for set in InstructionSet.available.dropFirst() {
            for count in threads {
                for rows in strips {
                    let bytes = try convert(
                        Places.size, "--model", model, "--isa", set.name, "--threads", "\(count)", "--strip-rows",
                        "\(rows)")
                    #expect(bytes == expected, "\(set), \(count) threads, strips of \(rows) rows")
                }
            }
        }
    }

    @Test("are the same in every run")
    func repeatable() throws {
        #expect(try convert(96) == convert(96))
    }

    @Test("are the same with the instruction set given by a variable")
    func variable() throws {
        let outcome = try animesnap(
            "convert", Places.photo, "-o", folder("a.jpg"), "--size", "64", "--json",
            environment: ["ANIMESNAP_ISA": "reference"])
        expectSuccess(outcome)
        #expect(outcome.text.contains("\"isa\":\"reference\""))
        #expect(try folder.bytes("a.jpg") == convert(64))
        let overruled = try animesnap(
            "bench", "--size", "16", "--repeat", "1", "--json", "--isa", InstructionSet.best.name,
            environment: ["ANIMESNAP_ISA": "reference"])
        #expect(overruled.text.contains("\"isa\":\"\(InstructionSet.best.name)\""))
    }
}
