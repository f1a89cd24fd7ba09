import Album
import Testing

@Suite("The name of a style")
struct StyleNameTests {
    private func refusal(_ text: String, longest: Int = StyleName.longest) -> String? {
        do throws(StyleName.Refusal) {
            _ = try StyleName(text, longest: longest)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "is 1 to 32 of a-z, 0-9 and -",
        arguments: [
            "a", "cute", "cute-neon", "0", "-", "x-preview-m", "preview", "photo-2", String(repeating: "a", count: 32),
        ])
    func possible(_ text: String) throws {
        #expect(try StyleName(text).text == text)
        #expect("\(try StyleName(text[...]))" == text)
    }

    @Test(
        "is nothing that reads as another file of the album",
        arguments: [
            "", "photo", "x-preview", "x-thumb", "-preview", "-thumb", "photo-preview", "Cute", "a b", "a.b", "../x",
            "a/b", "café", "cute\u{301}", "a\n", "a\0", String(repeating: "a", count: 33),
        ])
    func impossible(_ text: String) {
        #expect(
            refusal(text)?.hasSuffix(
                "cannot be part of a name: 1 to 32 of a-z, 0-9 and - are possible, not 'photo' and not with -preview or -thumb at the end"
            ) == true)
    }

    @Test("is shorter where more is put behind it")
    func shorter() {
        #expect(refusal("abcd", longest: 4) == nil)
        #expect(refusal("abcde", longest: 4)?.contains("1 to 4 of") == true)
    }

    @Test("is refused in one line, whatever it is")
    func oneLine() {
        let reason = refusal("a\nb\u{7F}" + String(repeating: "x", count: 100_000)) ?? ""
        #expect(reason.hasPrefix("the style 'a b xxx"))
        #expect(reason.utf8.count < 250 && !reason.contains("\n"))
    }

    @Test("that is possible is the album's to keep and to find again")
    func kept() async throws {
        let folder = TemporaryFolder()
        var album = try await Album(folder: folder.path, options: .keeping())
        let names = ["x-previews", "preview", "thumb", "x-preview-", "0"]
        try await album.save(1)
        for name in names { try await album.paint(1, name) }
        await album.close()
        album = try await Album(folder: folder.path, options: .keeping())
        #expect(Set(await album.picture(1)?.styles ?? []) == Set(names))
    }
}
