import Engine
import Testing

@Suite("A model file")
struct ModelFileTests {
    let bytes = ModelDraft(graph: Networks.uNet(), seed: 5).fileBytes()

    private func refusal(_ bytes: [UInt8]) -> String? {
        withFile(bytes) { (path) -> String? in
            do throws(ModelFileError) {
                _ = try ModelFile(path: path)
                return nil
            } catch {
                return error.reason
            }
        }
    }

    @Test("that is whole is accepted")
    func accepted() {
        #expect(refusal(bytes) == nil)
    }

    @Test("cut anywhere is refused")
    func truncated() {
        for count in stride(from: 0, to: bytes.count, by: 97) {
            #expect(refusal(Array(bytes.prefix(count))) != nil, "cut at \(count)")
        }
    }

    @Test("with any bit flipped is refused")
    func flipped() {
        for index in stride(from: 0, to: bytes.count, by: 31) {
            var altered = bytes
            altered[index] ^= 1 << (index % 8)
            #expect(refusal(altered) != nil, "flipped in byte \(index)")
        }
    }

    @Test("whose graph lies is refused although its checksum fits")
    func hostileGraphs() throws {
        let draft = ModelDraft(graph: Networks.uNet(), seed: 5)
        let edits: [(String, String, String)] = [
            ("\"input\":1", "\"input\":99", "names an 'input'"),
            ("\"input\":2", "\"input\":6", "before it is written"),
            ("\"residual\":2", "\"residual\":-1", "names an 'residual'"),
            ("\"residual\":2", "\"residual\":1", "another number of channels"),
            ("\"output\":2", "\"output\":1", "a second time"),
            ("\"channels\":24", "\"channels\":1000000000000", "impossible number of channels"),
            ("\"channels\":24", "\"channels\":23", "tensor"),
            ("\"kernel\":[6,6]", "\"kernel\":[6,4000000000]", "outside 1 to 15"),
            ("\"kernel\":[6,6]", "\"kernel\":[6]", "needs 2 numbers"),
            ("\"stride\":[2,2]", "\"stride\":[0,2]", "outside 1 to 8"),
            ("\"padding\":[2,2,2,2]", "\"padding\":[2,2,2,7]", "more than its kernel"),
            ("\"row_groups\":2", "\"row_groups\":1e9", "outside 1 to 8"),
            ("\"name\":\"stem\"", "\"name\":\"steam\"", "is missing"),
            ("\"name\":\"stem\"", "\"name\":\"down\"", "two layers"),
            ("\"kind\":\"depthwise\"", "\"kind\":\"telepathy\"", "unknown kind"),
            ("\"side_multiple\":4", "\"side_multiple\":0", "side_multiple"),
            ("{\"name\":\"small\"", "{\"name\":\"small\",\"name\":\"large\"", "repeated"),
            ("{\"name\":\"small\"", "[[[[[[[[[[[[[[[[[[[[", "nested too deeply"),
        ]
        for (text, replacement, expected) in edits {
            let altered = draft.fileBytes { $0.replacing(text, with: replacement, maxReplacements: 1) }
            let reason = try #require(refusal(altered), "\(replacement) was accepted")
            #expect(reason.contains(expected), "\(replacement): \(reason)")
        }
    }

    @Test("whose parameters are out of range is refused although its checksum fits")
    func hostileParameters() throws {
        var draft = ModelDraft(graph: Networks.uNet(), seed: 5)
        draft.layers[0].scale[0] = .nan
        #expect(try #require(refusal(draft.fileBytes())).contains("scale"))
        draft = ModelDraft(graph: Networks.uNet(), seed: 5)
        draft.layers[1].bias[0] = .min
        #expect(try #require(refusal(draft.fileBytes())).contains("bias"))
        draft = ModelDraft(graph: Networks.uNet(), seed: 5)
        draft.layers[4].residualScale[0] = .infinity
        #expect(try #require(refusal(draft.fileBytes())).contains("residual scale"))
        draft = ModelDraft(graph: Networks.uNet(), seed: 5)
        draft.layers[2].weights[0] = -128
        #expect(try #require(refusal(draft.fileBytes())).contains("weight"))
    }

    @Test("whose header lies about its tensors is refused although its checksum fits")
    func hostileHeaders() throws {
        for (text, replacement) in [
            ("\"dtype\":\"I32\"", "\"dtype\":\"F32\""), ("\"dtype\":\"I8\"", "\"dtype\":\"U8\""),
            ("[0,", "[1,"), ("[0,", "[-"), ("\"shape\":[", "\"shape\":[9"),
        ] {
            guard let found = bytes.firstRange(of: Array(text.utf8)) else { continue }
            var altered = bytes
            altered.replaceSubrange(found, with: Array(replacement.utf8))
            #expect(refusal(ModelDraft.sealed(altered)) != nil, "\(replacement)")
        }
        // A header length that points far outside.
        var altered = bytes
        altered.replaceSubrange(0..<8, with: [UInt8](repeating: 0xFF, count: 8))
        #expect(try #require(refusal(altered)).contains("length"))
    }

    @Test("with a weight outside a window, which would see other pixels, is refused")
    func weightsOutside() throws {
        var bytes = ModelDraft(graph: Networks.wideWindow, seed: 3).fileBytes()
        let header = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        // A row of the window has 21 bytes, the sixth group of four has one of them; 8 channels stand side by side.
        let outside = 8 + header + (5 * 8 + 0) * 4 + 1
        #expect(bytes[outside] == 0)
        bytes[outside] = 1
        #expect(refusal(ModelDraft.sealed(bytes)) == "a weight of 'only' lies outside its window")
    }

    @Test("that is missing, a folder or empty is refused in one sentence")
    func noFile() {
        #expect(refusal([]) == "it is empty")
        for path in ["/nonexistent/model.safetensors", "/tmp"] {
            #expect(throws: ModelFileError.self) { try ModelFile(path: path) }
        }
    }
}
