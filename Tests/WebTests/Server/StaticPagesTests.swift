import FoundationEssentials
import Testing

import Web

@Suite("The pages inside the program")
struct StaticPagesTests {
    /// Sources/Web/Pages.
    private static let folder: String = {
        let here = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(here)/Sources/Web/Pages"
    }()

    private static let sheet = "style/pages.css"

    private static func file(_ path: String) -> [UInt8] { contents("\(folder)/\(path)") }

    private static func address(_ path: String) -> String {
        path.contains("/") && !path.hasPrefix("icons/") ? "/assets/\(path)" : "/\(path)"
    }

    @Test("every file of the pages is in the program, byte for byte, and nothing else")
    func files() throws {
        let files = StaticPages.files
        let paths = try FileManager.default.subpathsOfDirectory(atPath: Self.folder).filter { path in
            var isFolder = false
            return FileManager.default.fileExists(atPath: "\(Self.folder)/\(path)", isDirectory: &isFolder) && !isFolder
        }
        let styles = paths.filter { $0.hasPrefix("style/") }
        #expect(files.map(\.path).sorted() == (Set(paths).subtracting(styles) + [Self.sheet]).sorted())
        for file in files where file.path != Self.sheet {
            #expect(file.bytes == Self.file(file.path), "\(file.path)")
        }
        // All styles are one file.
        let sheet = try #require(files.first { $0.path == Self.sheet }).bytes
        let parts = styles.map(Self.file)
        #expect(parts.map(\.count).reduce(0, +) == sheet.count)
        for part in parts { #expect(sheet.firstRange(of: part) != nil) }
    }

    @Test(
        "scripts and styles are served without their comments, in the same lines",
        arguments: [
            (
                "a.js", "// a\nb; // c\n  // d\n\"//\";\n/** e\n * f\n */\ng\n/** h */\ni",
                "\nb; // c\n\n\"//\";\n\n\n\ng\n\ni"
            ),
            ("a.css", "/* a */\nb {\n  /* c\n d */\n}\n// e\n", "\nb {\n\n\n}\n// e\n"),
            ("a.json", "// a\n", "// a\n"), ("a.js", "", ""), ("a.js", "/* never ends\na", "\n"),
        ])
    func comments(_ path: String, _ text: String, _ served: String) {
        #expect(String(decoding: PageText.served(Array(text.utf8), path), as: UTF8.self) == served)
    }

    @Test("every file is served, and compressed to those who take that")
    func served() async throws {
        try await withServer { site in
            let pages = StaticPages.files
            let (folder, wire) = (try TemporaryFolder(), try site.connect())
            var (packed, unpacked, total) = ([UInt8](), [UInt8](), 0)
            for page in pages {
                let address = Self.address(page.path)
                try await wire.send(site.head("GET", address))
                let plain = try await wire.answer()
                let served = PageText.served(page.bytes, page.path)
                #expect(
                    plain.status == 200 && plain.body == served && plain["content-encoding"] == nil, "\(address)")
                try await wire.send(site.head("GET", address, ["Accept-Encoding: br, gzip;q=0.9"]))
                let small = try await wire.answer()
                #expect(small.status == 200 && small["etag"] == plain["etag"] && small["vary"] == "Accept-Encoding")
                total += small.body.count
                if small["content-encoding"] == "gzip" {
                    packed += small.body
                    unpacked += served
                } else {
                    #expect(small.body == served)
                }
            }
            #expect(total < 60 * 1024, "a phone loads \(total) bytes")
            #expect(!packed.isEmpty)
            let path = try folder.add("pages.gz", packed)
            #expect(shell("gzip -dc \(path)") == unpacked)
        }
    }

    @Test("pages that are known need not be sent again")
    func unchanged() async throws {
        try await withServer { site in
            let tag = try #require(try await site.get("/")["etag"])
            let again = try await site.get("/", ["If-None-Match: \(tag)"])
            #expect(again.status == 304 && again.body.isEmpty && again["etag"] == tag)
            #expect(try await site.get("/", ["If-None-Match: \"other\""]).status == 200)
        }
    }

    @Test(
        "all addresses of people show the one document",
        arguments: ["/", "/upload", "/snap", "/show", "/host", "/styles", "/p/42", "/?x=1"])
    func document(_ path: String) async throws {
        try await withServer { site in
            let answer = try await site.get(path)
            #expect(answer.status == 200 && answer["content-type"] == "text/html; charset=utf-8")
            #expect(answer.body == Self.file("index.html"))
        }
    }

    @Test(
        "what is no page is a problem document",
        arguments: [
            "/p/", "/p/x", "/p/1/2", "/p/1234567890", "/assets/", "/assets/index.html", "/script/main.js", "/upload/",
        ])
    func nothing(_ path: String) async throws {
        try await withServer { site in
            let answer = try await site.get(path)
            #expect(answer.isProblem(404))
        }
    }

    @Test(
        "a client that takes no gzip gets none",
        arguments: ["", "Accept-Encoding: br", "Accept-Encoding: gzip;q=0", "Accept-Encoding: gzip; q=0, br"])
    func noGzip(_ field: String) async throws {
        try await withServer { site in
            let answer = try await site.get("/assets/style/pages.css", field.isEmpty ? [] : [field])
            #expect(answer["content-encoding"] == nil && answer["content-type"] == "text/css; charset=utf-8")
        }
    }

    @Test("all languages say the same things")
    func languages() throws {
        let names = StaticPages.files.map(\.path).filter { $0.hasPrefix("languages/") }
        let english = JSON(Self.file("languages/en.json")).keys
        #expect(names.count >= 4 && english.count > 50)
        for name in names {
            // Not every language has a singular.
            let different = Set(JSON(Self.file(name)).keys).symmetricDifference(english)
            #expect(different.filter { !$0.hasSuffix("_one") }.sorted().isEmpty, "\(name)")
        }
    }
}
