import Engine
import Painting
import Testing

@Suite("A style file")
struct StyleFileTests {
    private func read(_ text: String, _ path: String = "styles/own.json") throws -> StyleFile {
        try StyleFile(Array(text.utf8), path: path)
    }

    private func refusal(_ text: String, _ path: String = "styles/own.json") -> String? {
        do {
            _ = try read(text, path)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("says what differs from the standard style, and is called like its file")
    func reading() throws {
        let file = try read(
            """
            {"$schema": "./style.schema.json", "title": "Own: \\"mine\\"", "licence": "CC0-1.0", "eyes": 1.3,
             "line-colour": "#0A1b2c", "hair": "pink", "network": "other", "glow": 0}
            """)
        var expected = DrawnStyle()
        expected.eyes = 1.3
        expected.lineColour = (10, 27, 44)
        expected.hair = .pink
        expected.network = "other"
        expected.glow = 0
        #expect(file.name == "own" && file.title == "Own: \"mine\"" && file.licence == "CC0-1.0")
        #expect(file.style == expected)
        #expect(try read("{}").style == DrawnStyle() && read("{}").title == "own")
    }

    @Test("that was written has every key and is read as the same")
    func writing() throws {
        var file = try read(#"{"title": "A \\ \"b\"", "licence": "x", "eyes": 1.7, "irises": "teal"}"#)
        try file.style.set(["line-colour=#ff0001", "background=1", "glow=0.05"])
        #expect(try read(file.text) == file)
        for key in StyleKey.all { #expect(file.text.contains("\"\(key.name)\": ")) }
    }

    @Test(
        "that is wrong is told in one sentence with file, key, value and what is possible",
        arguments: [
            (#"{"eyes": 3}"#, "eyes is 3; 1 to 1.8 are possible"),
            (#"{"eyes": 0.99}"#, "eyes is 0.99; 1 to 1.8 are possible"),
            (#"{"eyes": "1.3"}"#, "eyes is '1.3'; 1 to 1.8 are possible"),
            (#"{"eyes": null}"#, "eyes is null; 1 to 1.8 are possible"),
            (#"{"eyes": [1]}"#, "eyes is a list; 1 to 1.8 are possible"),
            (#"{"glow": 1e300}"#, "glow is 1e+300; 0 to 0.4 are possible"),
            (#"{"glow": -0.1}"#, "glow is -0.1; 0 to 0.4 are possible"),
            (
                #"{"hair": "purple"}"#,
                "hair is 'purple'; photo, black, brown, blond, red, pink, violet, blue, teal, green, silver are possible"
            ),
            (#"{"hair": 1}"#, "hair is 1; photo, black, brown"),
            (#"{"line-colour": "red"}"#, "line-colour is 'red'; a colour is possible, such as \"#2a1a16\""),
            (##"{"line-colour": "#12345"}"##, "line-colour is '#12345'; a colour"),
            (##"{"line-colour": "#12345g"}"##, "line-colour is '#12345g'; a colour"),
            (##"{"line-colour": "#+1+2+3"}"##, "line-colour is '#+1+2+3'; a colour"),
            (#"{"network": "../drawn"}"#, "network is '../drawn'; 1 to 24 of a-z, 0-9 and - are possible"),
            (#"{"network": ""}"#, "network is ''; 1 to 24"),
            (#"{"eye": 1.3}"#, "there is no key 'eye'; network, eyes, eye-height"),
            (#"{"title": 3}"#, "title is 3; one line of up to 80 letters without control characters is possible"),
            (#"{"title": "a\nb"}"#, "title is 'a b'; one line"),
            (#"{"title": "a\u2028b"}"#, "title is 'a b'; one line"),
            (#"{"title": "a\u001bb"}"#, "title is 'a b'; one line"),
            (#"{"title": "a\u202eb"}"#, "title is 'a b'; one line"),
            (#"{"licence": "\u2066x"}"#, "licence is ' x'; one line"),
            ("{\"title\": \"a\u{200F}b\"}", "title is 'a b'; one line"),
            ("{\"ey\u{202E}es\": 1}", "there is no key 'ey es'"),
            (#"{"eyes": 1.2, "eyes": 1.3}"#, "line 1 is not JSON: the key 'eyes' is repeated"),
            ("{\n  \"eyes\": 1.3,\n}", "line 3 is not JSON: a key was expected"),
            ("{\"eyes\": 01}", "line 1 is not JSON: a number that begins with 0"),
            ("", "line 1 is not JSON: the text ends too early"),
            ("[]", "a JSON object with a style's keys is expected"),
            ("\u{FEFF}{}", "line 1 is not JSON"), ("{} x", "line 1 is not JSON: text after the end"),
        ])
    func wrong(_ text: String, _ reason: String) {
        let told = refusal(text) ?? ""
        #expect(told.hasPrefix("styles/own.json: \(reason)"), "\(told)")
        #expect(!told.contains("\n"))
    }

    @Test(
        "may not be called as no picture could be",
        arguments: ["Own", "a b", "own-m", "über", "", "aaaaaaaaaaaaaaaaaaaaaaaaa"])
    func names(_ name: String) {
        #expect(refusal("{}", "styles/\(name).json")?.contains("1 to 24 of a-z, 0-9 and -") == true)
    }

    @Test("may have 16 KiB, and must be there")
    func size() throws {
        let folder = try TemporaryFolder()
        let spaces = String(repeating: " ", count: StyleFile.mostBytes - 2)
        #expect(try StyleFile(path: folder.add("own.json", Array("{\(spaces)}".utf8))).style == DrawnStyle())
        let large = try folder.add("large.json", Array("{\(spaces) }".utf8))
        let error = #expect(throws: PaintingError.self) { try StyleFile(path: large) }
        #expect(error?.description == "\(large): it has more than 16 KiB, which no style needs")
        let missing = #expect(throws: PaintingError.self) { try StyleFile(path: "/nowhere/own.json") }
        #expect(missing?.description == "/nowhere/own.json cannot be read: no such file or directory")
    }

    @Test("can be changed by words, all that are possible and nothing else")
    func changes() throws {
        var style = DrawnStyle()
        try style.set(["eyes=1.3", "hair=blue", "line-colour=#000000"])
        #expect(style.eyes == 1.3 && style.hair == .blue && style.lineColour == (0, 0, 0))
        for wrong in [
            "eyes", "eyes=", "eyes=nan", "eyes=0x1", "eyes=1e0", "eyes= 1", "eyes=1,3", "eyes=+1", "=1", "", "Eyes=1",
            "eyes=1.81", "hair=Blue", "line-colour=000000",
        ] {
            let before = style
            #expect(throws: PaintingError.self, "\(wrong)") { try style.set([wrong]) }
            #expect(style == before)
        }
    }

    @Test("is not changed twice at one place: nobody could know what was meant")
    func twice() {
        var style = DrawnStyle()
        let error = #expect(throws: PaintingError.self) { try style.set(["eyes=1.3", "glow=0", "eyes=1.3"]) }
        #expect(error?.description == "eyes is given twice; once is possible")
    }

    @Test("may be titled in any script, written from either side")
    func scripts() throws {
        for title in ["水彩", "ألوان مائية", "צבעי מים", "Aquarell – weich"] {
            #expect(try read("{\"title\": \"\(title)\"}").title == title)
        }
    }

    @Test("is drawn over a network that underpaints, and over no other")
    func networks() throws {
        let file = try read(#"{"network": "cute"}"#)
        func network(_ name: String) throws -> PaintingNetwork {
            try file.network(ModelFile(path: "\(Checkout.root)/weights/\(name).safetensors"))
        }
        #expect(try network("drawn-m").underpaints)
        let error = #expect(throws: PaintingError.self) { try network("cute-s") }
        let words = "cute-s.safetensors does not underpaint but paints by itself"
        #expect(error?.description.hasPrefix("styles/own.json: its network is 'cute', and ") == true)
        #expect(error?.description.hasSuffix(words) == true)
    }

    @Test("has standard values that are possible, each key once")
    func table() throws {
        #expect(Set(StyleKey.all.map(\.name)).count == StyleKey.all.count)
        for key in StyleKey.all {
            var style = DrawnStyle()
            try key.set(key.text(in: style), in: &style)
            #expect(style == DrawnStyle(), "\(key.name)")
        }
        #expect(
            StyleKey.all.filter(\.isMain).map(\.name)
                == ["eyes", "line", "shadow", "blush", "background", "saturation", "glow"])
    }

    @Test("that ships can be read, and is free for any use", arguments: ["anime", "webtoon", "painted"])
    func shipped(_ name: String) throws {
        let file = try StyleFile(path: "\(Checkout.root)/weights/styles/\(name).json")
        #expect(file.name == name && file.licence == "CC0-1.0" && file.style.network == "drawn")
        #expect(file.title.lowercased().hasPrefix(name))
        #expect((file.style == DrawnStyle()) == (name == "anime"))
    }

    @Test("is documented as it is read: 'animesnap style keys' writes table and schema")
    func documents() throws {
        func text(_ name: String) throws -> String {
            let folder = "\(Checkout.root)/weights/styles"
            return String(decoding: try bytes(of: "\(folder)/\(name)"), as: UTF8.self)
        }
        #expect(try text("README.md").contains(StyleDocuments.table))
        #expect(try text("style.schema.json") == StyleDocuments.schema)
    }
}
