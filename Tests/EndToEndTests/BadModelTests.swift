import Testing

@Suite("A model that cannot be used", .onRealProcessors)
struct BadModelTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Converts with a model and expects one sentence and no result, also where there was one before.
    private func refusal(_ model: String, environment: [String: String] = [:]) throws -> String {
        let precious = Array("an older picture".utf8)
        try folder.add("old.jpg", precious)
        let before = folder.names
        for result in ["old.jpg", "new.jpg"] {
            let outcome = try animesnap(
                "convert", Places.photo, "-o", folder(result), "--model", model, environment: environment)
            #expect(outcome.code == 1 && outcome.text == "")
            #expect(folder.names == before)
            #expect(folder.bytes("old.jpg") == precious)
            if result == "new.jpg" {
                #expect(outcome.errors.hasPrefix("animesnap: ") && outcome.errors.count { $0 == "\n" } == 1)
                return String(outcome.errors.dropFirst("animesnap: ".count).dropLast())
            }
        }
        return ""
    }

    /// Some places spread over a file of `count` bytes.
    private func spread(_ count: Int) -> [Int] {
        let step = count / (Places.isEmulated ? 3 : 12)
        return Array(stride(from: step, to: count, by: step))
    }

    @Test("because its file is missing is refused")
    func missing() throws {
        let path = folder("nothing.safetensors")
        #expect(
            try refusal(path) == "\(path) is not a usable model file: it cannot be opened (no such file or directory).")
    }

    @Test("because its file is a folder, empty or something else is refused")
    func otherFiles() throws {
        let sub = try folder.addFolder("a.safetensors")
        #expect(try refusal(sub) == "\(sub) is not a usable model file: it is not a regular file.")
        let empty = try folder.add("b.safetensors", [])
        #expect(try refusal(empty) == "\(empty) is not a usable model file: it is empty.")
        #expect(try refusal(Places.photo).hasPrefix("\(Places.photo) is not a usable model file: "))
    }

    @Test("because its file is cut off is refused", arguments: Places.models)
    func truncated(_ model: String) throws {
        let bytes = contents("\(Places.weights)/\(model).safetensors")
        for count in [4, 8, 64, 1000, bytes.count - 64, bytes.count - 1] + spread(bytes.count) {
            let path = try folder.add("cut.safetensors", Array(bytes.prefix(count)))
            #expect(try refusal(path).hasPrefix("\(path) is not a usable model file: "), "cut at \(count)")
        }
    }

    @Test("because a bit of its file flipped is refused", arguments: Places.models)
    func flipped(_ model: String) throws {
        let bytes = contents("\(Places.weights)/\(model).safetensors")
        let places = [0, 7, 8, 40, 900, bytes.count - 1] + spread(bytes.count)
        for (round, index) in places.enumerated() {
            var altered = bytes
            altered[index] ^= 1 << (round % 8)
            let path = try folder.add("flipped.safetensors", altered)
            #expect(try refusal(path).hasPrefix("\(path) is not a usable model file: "), "flipped in byte \(index)")
        }
    }

    @Test("because nobody knows its name is refused with the names there are")
    func unknownName() throws {
        #expect(
            try refusal("ghibli")
                == "there is no model called 'ghibli': there are anime, painted, webtoon, "
                + "cute-l, cute-m, cute-s, drawn-l, drawn-m, drawn-s; a path to a .safetensors file works too.")
        #expect(try refusal("").hasPrefix("there is no model called ''"))
    }
}
