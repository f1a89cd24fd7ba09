import FoundationEssentials
import Testing

@Suite("Styles on the command line", .onRealProcessors)
struct StyleTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A folder of weights with a style "ink", of a network that underpaints, and a style "tin", of one that paints by itself.
    private func weights() throws -> [String: String] {
        for size in ["s", "m"] {
            let model = "\(Places.weights)/drawn-m.safetensors"
            try folder.add("weights/brush-\(size).safetensors", Array(Data(contentsOf: URL(filePath: model))))
        }
        try folder.add("weights/styles/ink.json", Array(#"{"title": "Ink", "network": "brush", "line": 0.5}"#.utf8))
        try folder.add("weights/styles/tin.json", Array(#"{"network": "cute"}"#.utf8))
        return ["ANIMESNAP_WEIGHTS": folder("weights")]
    }

    @Test("are listed with what they are drawn over, and what they are painted by")
    func list() throws {
        let outcome = try animesnap(["style", "list"], environment: weights())
        #expect(outcome.text.contains("ink  Ink\n    drawn over brush-s, brush-m"), "\(outcome.text)")
        #expect(outcome.text.contains("painted by cute-l, cute-m, cute-s"))
        #expect(!outcome.text.contains("painted by brush") && !outcome.text.contains("tin"))
        #expect(outcome.code == 1 && outcome.errors.hasSuffix("does not underpaint but paints by itself.\n"))
        #expect(outcome.errors.contains("/styles/tin.json: its network is 'cute', and "), "\(outcome.errors)")
    }

    @Test("name their results, and can be changed for a picture or be a file")
    func convert() throws {
        let weights = try weights()
        let input = try folder.add("photo.jpg", photo(90, 60))
        let own = try folder.add("own.json", Array(#"{"network": "brush"}"#.utf8))
        for (style, name) in [("ink", "ink"), ("ink-s", "ink"), (own, "own"), ("brush-s", "drawn")] {
            let outcome = try animesnap(
                ["convert", input, "--size", "48", "--style", style, "--style-set", "eyes=1.3"], environment: weights)
            #expect(outcome.code == 0 && outcome.text.hasPrefix(folder("photo-\(name).jpg")), "\(outcome)")
        }
    }

    @Test(
        "are refused in one sentence where they are changed as they cannot be",
        arguments: [
            ("ink", "eyes=3", "--style-set: eyes is 3; 1 to 1.8 are possible."),
            ("ink", "ears=1", "--style-set: there is no key 'ears'; network, eyes"),
            ("ink", "eyes", "--style-set: 'eyes' is not of the form KEY=VALUE, such as eyes=1.3."),
            ("ink", "network=x", "--style-set cannot change the network; that takes a style file of its own."),
            ("brush-m", "network=x", "--style-set cannot change the network; that takes a style file of its own."),
            ("cute", "eyes=1.3", "--style-set changes drawn styles, and 'cute' is a network that paints by itself."),
        ])
    func wrong(_ style: String, _ change: String, _ sentence: String) throws {
        let input = try folder.add("photo.jpg", photo(90, 60))
        let outcome = try animesnap(
            ["convert", input, "--style", style, "--style-set", change], environment: weights())
        #expect(outcome.code == 1 && outcome.errors.hasPrefix("animesnap: \(sentence)"), "\(outcome.errors)")
    }

    @Test("are refused in one sentence where a value is given twice")
    func twice() throws {
        let sentence = "eyes is given twice; once is possible.\n"
        let twice = ["--style-set", "eyes=1.3", "--style-set", "glow=0.1", "--style-set", "eyes=1.3"]
        let input = try folder.add("photo.jpg", photo(90, 60))
        let converted = try animesnap(["convert", input, "--style", "ink"] + twice, environment: weights())
        #expect(converted.code == 1 && converted.errors == "animesnap: --style-set: \(sentence)", "\(converted)")
        let printed = try animesnap(["style", "print", "ink"] + twice, environment: weights())
        #expect(printed.code == 1 && printed.errors == "animesnap: \(sentence)", "\(printed)")
    }

    @Test("are refused in one sentence where their network does not underpaint", arguments: ["convert", "bench"])
    func notUnderpainting(_ command: String) throws {
        let input = command == "convert" ? [try folder.add("photo.jpg", photo(90, 60))] : []
        let outcome = try animesnap([command] + input + ["--style", "tin"], environment: weights())
        #expect(outcome.code == 1 && outcome.errors.contains("/styles/tin.json: its network is 'cute', and "))
        #expect(outcome.errors.hasSuffix("does not underpaint but paints by itself.\n"), "\(outcome.errors)")
    }

    @Test("are printed with all keys, as a file that can be read again")
    func print() throws {
        let weights = try weights()
        let printed = try animesnap(["style", "print", "ink", "--style-set", "glow=0.3"], environment: weights)
        #expect(printed.text.contains("\"line\": 0.5") && printed.text.contains("\"glow\": 0.3"), "\(printed)")
        let own = try folder.add("again.json", Array(printed.text.utf8))
        #expect(try animesnap(["style", "print", own], environment: weights).text == printed.text)
        let outcome = try animesnap(["style", "print", "cute"], environment: weights)
        #expect(outcome.errors == "animesnap: 'cute' is no drawn style but a network.\n")
    }
}
