import FoundationEssentials
import Testing

@Suite("Where results go", .onRealProcessors)
struct ResultPlaceTests {
    let folder: TemporaryFolder
    let picture: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        picture = try photo(24, 16)
    }

    private func convert(_ arguments: String...) throws -> Outcome {
        try animesnap(["convert"] + arguments + ["--size", "16"], in: folder.path)
    }

    @Test("two names are a photo and its result")
    func twoNames() throws {
        try folder.add("photo.jpg", picture)
        expectSuccess(try convert("photo.jpg", "anime.jpg"))
        #expect(folder.names == ["anime.jpg", "photo.jpg"])
        #expect(folder.bytes("photo.jpg") == picture)
    }

    @Test("two names of which the second exists are refused")
    func twoFiles() throws {
        try folder.add("a.jpg", picture)
        try folder.add("b.jpg", picture)
        expectRefusal(
            try convert("a.jpg", "b.jpg"),
            "b.jpg exists: give -o b.jpg to replace it, or -o FOLDER to convert both pictures.")
        #expect(folder.names == ["a.jpg", "b.jpg"])
        #expect(folder.bytes("b.jpg") == picture)
    }

    @Test("-o replaces an existing file")
    func replaces() throws {
        try folder.add("photo.jpg", picture)
        try folder.add("anime.jpg", Array("old".utf8))
        expectSuccess(try convert("photo.jpg", "-o", "anime.jpg"))
        #expect(try decode(folder.bytes("anime.jpg")).width == 16)
    }

    @Test("a photo alone gets its result beside it, called after the style")
    func defaultName() throws {
        try folder.add("sub/my.photo.JPEG", picture)
        try folder.add("noext", picture)
        expectSuccess(try convert("sub/my.photo.JPEG"))
        expectSuccess(try convert("./noext", "--model", "cute"))
        #expect(folder.names == ["noext", "noext-cute.jpg", "sub", "sub/my.photo-anime.jpg", "sub/my.photo.JPEG"])
    }

    @Test("many photos get their results beside them, told one a line")
    func many() throws {
        for name in ["a.jpg", "b.jpg", "sub/c.jpg"] { try folder.add(name, picture) }
        let outcome = try convert("a.jpg", "b.jpg", "sub/c.jpg")
        expectSuccess(outcome)
        #expect(outcome.lines.count == 3)
        #expect(
            folder.names == ["a-anime.jpg", "a.jpg", "b-anime.jpg", "b.jpg", "sub", "sub/c-anime.jpg", "sub/c.jpg"])
        #expect(folder.bytes("a-anime.jpg") == folder.bytes("sub/c-anime.jpg"))
    }

    @Test("-o FOLDER takes the results of many photos, and is made where it is missing")
    func outputFolder() throws {
        for name in ["a.jpg", "sub/b.jpg"] { try folder.add(name, picture) }
        expectSuccess(try convert("a.jpg", "sub/b.jpg", "-o", "painted"))
        expectSuccess(try convert("a.jpg", "-o", "single/"))
        expectSuccess(try convert("sub/b.jpg", "-o", "single"))
        let results = folder.names.filter { $0.hasPrefix("painted/") || $0.hasPrefix("single/") }
        #expect(results == ["painted/a-anime.jpg", "painted/b-anime.jpg", "single/a-anime.jpg", "single/b-anime.jpg"])
    }

    @Test("a folder of photos: all .jpg and .jpeg files in it, in order, but no hidden ones")
    func inputFolder() throws {
        for name in ["b.JPG", "a.jpg", "c.jpeg", "notes.txt", ".hidden.jpg", "deeper/d.jpg"] {
            try folder.add("holiday/\(name)", picture)
        }
        let outcome = try convert("holiday", "-o", "painted")
        expectSuccess(outcome)
        let results = ["painted/a-anime.jpg", "painted/b-anime.jpg", "painted/c-anime.jpg"]
        #expect(folder.names.filter { $0.hasPrefix("painted/") } == results)
        #expect(outcome.lines.map { String($0.prefix { $0 != " " }) } == results)
    }

    @Test("a folder that is converted again: what was painted in it is not taken for a photo")
    func again() throws {
        try folder.add("holiday/a.jpg", picture)
        try folder.add("holiday/tunnel-anime.jpg", picture)
        expectSuccess(try convert("holiday"))
        let once = folder.names
        #expect(once.contains("holiday/a-anime.jpg") && once.contains("holiday/tunnel-anime-anime.jpg"))
        expectSuccess(try convert("holiday/"))
        #expect(folder.names == once)
    }

    @Test("two photos whose results would be one file are refused before anything is painted")
    func collisions() throws {
        for name in ["a.jpg", "a.jpeg", "sub/a.jpg", "c.jpg"] { try folder.add(name, picture) }
        let before = folder.names
        expectRefusal(
            try convert("c.jpg", "a.jpg", "a.jpeg"),
            "a.jpg and a.jpeg would both become a-anime.jpg; give one of them its own -o.")
        expectRefusal(
            try convert("c.jpg", "a.jpg", "sub/a.jpg", "-o", "painted"),
            "a.jpg and sub/a.jpg would both become painted/a-anime.jpg; give one of them its own -o.")
        #expect(folder.names == before)
    }

    @Test("a photo is never replaced by a result")
    func photoIsSafe() throws {
        for name in ["a.jpg", "a-anime.jpg", "b.jpg"] { try folder.add(name, picture) }
        expectRefusal(
            try convert("a.jpg", "-o", "./a.jpg"), "./a.jpg is the photo itself; the result needs another name.")
        try FileManager.default.createSymbolicLink(atPath: folder("link.jpg"), withDestinationPath: "a.jpg")
        expectRefusal(
            try convert("a.jpg", "-o", "link.jpg"), "link.jpg is the photo itself; the result needs another name.")
        expectRefusal(
            try convert("a.jpg", "a-anime.jpg", "b.jpg"),
            "a-anime.jpg is one of the photos and would be replaced by the result of a.jpg;"
                + " give -o FOLDER for the results.")
        #expect(folder.names == ["a-anime.jpg", "a.jpg", "b.jpg", "link.jpg"])
        for name in ["a.jpg", "a-anime.jpg", "b.jpg"] { #expect(folder.bytes(name) == picture) }
    }

    @Test("several photos and one file do not go together")
    func fileForMany() throws {
        for name in ["a.jpg", "b.jpg", "c.jpg"] { try folder.add(name, picture) }
        expectRefusal(
            try convert("a.jpg", "b.jpg", "-o", "c.jpg"), "c.jpg is a file; several pictures need a folder.")
        #expect(folder.bytes("c.jpg") == picture)
    }
}
