import Testing

@Suite("Standard input and output")
struct StreamTests {
    let folder: TemporaryFolder
    let picture: String
    let expected: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        picture = try folder.add("photo.jpg", photo(48, 32))
        expectSuccess(try animesnap("convert", picture, folder("anime.jpg"), "--size", "40"))
        expected = folder.bytes("anime.jpg")
        try #require(!expected.isEmpty)
    }

    @Test(
        "make the same bytes as files",
        arguments: [
            ["-", "-o", "-"], ["-", "-"], ["FILE", "-"], ["FILE", "-o", "-"], ["-", "OUT"], ["-", "-o", "OUT"],
        ])
    func streams(_ words: [String]) throws {
        let arguments = words.map { $0 == "FILE" ? picture : $0 == "OUT" ? folder("out.jpg") : $0 }
        let outcome = try animesnap(["convert"] + arguments + ["--size", "40"], input: picture)
        expectSuccess(outcome)
        #expect((words.contains("OUT") ? folder.bytes("out.jpg") : outcome.output) == expected)
    }

    @Test("may be pipes")
    func pipes() throws {
        let command = Places.command.joined(separator: " ")
        let script = "cat \(Places.photo) | \(command) convert - - --size 40 | cat"
        let piped = try run(["/bin/sh", "-c", script])
        expectSuccess(piped)
        #expect(try piped.output == animesnap("convert", Places.photo, "-", "--size", "40").output)
    }

    @Test("carry nothing but the picture")
    func silence() throws {
        let outcome = try animesnap("convert", picture, "-", "--size", "16")
        #expect(outcome.output.starts(with: [0xFF, 0xD8]) && outcome.output.suffix(2) == [0xFF, 0xD9])
    }

    @Test("are refused where they do not go together")
    func refusals() throws {
        expectRefusal(
            try animesnap("convert", "-", input: picture),
            "a photo from standard input needs -o with a file, or - for standard output.")
        expectRefusal(
            try animesnap("convert", "-", "-o", folder.path, input: picture),
            "a photo from standard input needs -o with a file, or - for standard output.")
        expectRefusal(
            try animesnap("convert", "-", "-", "-", input: picture),
            "standard input holds one picture; - was given more than once.")
        expectRefusal(
            try animesnap("convert", picture, picture, "-o", "-"), "standard output takes one picture, not 2.")
        expectRefusal(
            try animesnap("convert", picture, "-", "--json"),
            "the picture and --json cannot both go to standard output.")
    }

    @Test("that hold no whole picture are refused by name")
    func badInput() throws {
        expectRefusal(
            try animesnap("convert", "-", "-"), "standard input is empty: a JPEG file is expected.")
        let cut = try folder.add("cut.jpg", Array(contents(picture).dropLast(60)))
        expectRefusal(
            try animesnap("convert", "-", "-", "--size", "16", input: cut),
            "standard input is cut off: the file ends before the picture does.")
    }

    @Test("that take nothing more are told about")
    func fullDevice() throws {
        let outcome = try animesnap("convert", picture, "-", "--size", "16", output: "/dev/full")
        expectRefusal(outcome, "standard output cannot be written: no space left on device.")
        let json = try animesnap(
            "convert", picture, "-o", folder("b.jpg"), "--size", "16", "--json", output: "/dev/full")
        expectRefusal(json, "standard output cannot be written to (no space left on device).")
    }
}
