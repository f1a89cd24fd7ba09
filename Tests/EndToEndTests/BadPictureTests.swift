import Testing

@Suite("A photo that cannot be converted")
struct BadPictureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Puts the bad photo in the folder and returns its path.
    private func place(_ bad: BadPicture) throws -> String {
        if bad == .folder { return try folder.addFolder("in/photo.jpg") }
        if bad == .missing { return folder("in/photo.jpg") }
        let bytes = try bad.bytes()
        return try folder.add("in/photo.jpg", #require(bytes))
    }

    @Test("is refused with one sentence, without a result and without rubbish", arguments: BadPicture.allCases)
    func refused(_ bad: BadPicture) throws {
        let path = try place(bad)
        let before = folder.names
        for arguments in [["-o", folder("anime.jpg")], [], ["-o", folder("new/")]] {
            let outcome = try animesnap(["convert", path, "--size", "32"] + arguments)
            #expect(outcome.code == 1)
            #expect(outcome.text == "")
            #expect(outcome.errors.hasPrefix("animesnap: \(path) \(bad.sentence)"), "\(outcome.errors)")
            #expect(outcome.errors.hasSuffix(".\n") && outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
            #expect(folder.names == before)
        }
    }

    @Test("leaves an existing result as it was", arguments: BadPicture.allCases)
    func existingResult(_ bad: BadPicture) throws {
        let path = try place(bad)
        let precious = Array("an older picture".utf8)
        let result = try folder.add("anime.jpg", precious)
        let before = folder.names
        #expect(try animesnap("convert", path, "-o", result, "--size", "32").code == 1)
        #expect(folder.bytes("anime.jpg") == precious)
        #expect(folder.names == before)
    }

    @Test("is refused on standard input too", arguments: BadPicture.allCases.filter { $0 != .missing && $0 != .folder })
    func standardInput(_ bad: BadPicture) throws {
        let outcome = try animesnap("convert", "-", "-", "--size", "32", input: place(bad))
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("animesnap: standard input \(bad.sentence)"), "\(outcome.errors)")
    }

    @Test("does not keep the others of a batch from being converted")
    func batch() throws {
        for name in ["a.jpg", "c.jpg"] { try folder.add("in/\(name)", photo(24, 16)) }
        try folder.add("in/b.jpg", Array(contents(Places.photo).prefix(5000)))
        let outcome = try animesnap("convert", folder("in"), "-o", folder("out"), "--size", "16")
        #expect(outcome.code == 1)
        #expect(
            outcome.errors == """
                animesnap: \(folder("in/b.jpg")) is cut off: the file ends before the picture does.
                animesnap: 1 of 3 pictures could not be converted.

                """)
        #expect(outcome.lines.count == 2)
        #expect(folder.names.filter { $0.hasPrefix("out/") } == ["out/a-anime.jpg", "out/c-anime.jpg"])
    }

    @Test("by its pixels is refused before memory is taken for them")
    func limitComesFirst() throws {
        let path = try place(.huge)
        // 65500 x 65500 pixels would be 12 GB; the limit here is 2 GB of addresses, ample for the program.
        let command = Places.isEmulated ? "exec" : "ulimit -v 2000000; exec"
        let words = (Places.command + ["convert", path, "--size", "full"]).joined(separator: " ")
        let outcome = try run(["/bin/sh", "-c", "\(command) \(words)"])
        #expect(outcome.errors == "animesnap: \(path) \(BadPicture.huge.sentence)\n")
    }
}
