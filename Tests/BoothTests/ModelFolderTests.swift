import Booth
import Glibc
import Painting
import Platform
import Testing

@Suite struct ModelFolderTests {
    @Test("a file becomes a style once it stays as it is, and the style goes with it")
    func comesAndGoes() async throws {
        let place = try await ModelPlace()
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        #expect(await place.folder.look() == [])
        #expect(place.painter.styles == ["cute"])
        #expect(await place.folder.look() == [.added(file: "mine.safetensors", style: "chalk")])
        #expect(place.painter.styles == ["chalk", "cute"])
        #expect(place.painter.knows(style: "chalk-neon"))
        #expect(await place.folder.look() == [])
        place.remove("mine.safetensors")
        #expect(await place.folder.look() == [.removed(file: "mine.safetensors", style: "chalk")])
        #expect(place.painter.styles == ["cute"])
    }

    @Test("a file that is still being copied is waited for")
    func copying() async throws {
        let place = try await ModelPlace()
        defer { place.end() }
        let whole = try bytes(of: "chalk-m")
        for count in [1000, 100_000, whole.count] {
            place.write(Array(whole.prefix(count)), to: "mine.safetensors")
            #expect(await place.folder.look() == [])
        }
        #expect(await place.folder.look() == [.added(file: "mine.safetensors", style: "chalk")])
    }

    @Test("a damaged file is refused once, with its reason, and what was there stays")
    func damaged() async throws {
        let place = try await ModelPlace()
        defer { place.end() }
        var whole = try bytes(of: "chalk-m")
        whole[whole.count / 2] ^= 1
        place.write(whole, to: "mine.safetensors")
        place.write([1, 2, 3], to: "other.safetensors")
        place.write([1, 2, 3], to: "notes.txt")
        place.write([1, 2, 3], to: "._mine.safetensors")
        _ = await place.folder.look()
        let changes = await place.folder.look()
        try #require(changes.count == 2)
        guard case .refused("mine.safetensors", let reason) = changes[0],
            case .refused("other.safetensors", _) = changes[1]
        else {
            Issue.record("\(changes)")
            return
        }
        #expect(reason.contains("checksum"))
        #expect(await place.folder.look() == [])
        #expect(place.painter.styles == ["cute"])
    }

    @Test("a style of the program is not replaced")
    func occupied() async throws {
        let place = try await ModelPlace()
        defer { place.end() }
        try place.bring("cute-m", as: "mine.safetensors")
        _ = await place.folder.look()
        guard case .refused(_, let reason)? = await place.folder.look().first else {
            Issue.record("it was taken")
            return
        }
        #expect(reason.hasSuffix("/library/cute-m.safetensors is already"))
    }

    @Test("a model that needs more memory than there is for painting is refused")
    func memory() async throws {
        let place = try await ModelPlace(memoryLimit: 1 << 20)
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        _ = await place.folder.look()
        guard case .refused(_, let reason)? = await place.folder.look().first else {
            Issue.record("it was taken")
            return
        }
        #expect(reason.contains("limit is 1 MB"))
    }

    @Test("another file of the same name takes the first one's place; a bad one takes its style away")
    func replaced() async throws {
        let place = try await ModelPlace()
        defer { place.end() }
        try place.bring("chalk-m", as: "mine.safetensors")
        _ = await place.folder.look()
        _ = await place.folder.look()
        place.remove("mine.safetensors")
        try place.bring("sepia-m", as: "mine.safetensors")
        #expect(await place.folder.look() == [])
        #expect(await place.folder.look() == [.added(file: "mine.safetensors", style: "sepia")])
        #expect(place.painter.styles == ["cute", "sepia"])
        place.remove("mine.safetensors")
        place.write([1, 2, 3], to: "mine.safetensors")
        _ = await place.folder.look()
        _ = await place.folder.look()
        #expect(place.painter.styles == ["cute"])
    }

    @Test("a title that would turn the direction of what is written after it is refused")
    func turningTitle() async throws {
        let place = try await ModelPlace()
        defer { place.end() }
        place.write(try bytes(of: "chalk-m", calledStyle: "chalk", title: "a\u{202E}b"), to: "mine.safetensors")
        _ = await place.folder.look()
        guard case .refused(_, let reason)? = await place.folder.look().first else {
            Issue.record("it was taken")
            return
        }
        #expect(reason.hasSuffix("has title or terms with control characters; one plain line each is possible"))
        #expect(place.painter.styles == ["cute"])
    }

    @Test("a style that no picture can be named after is refused with what is possible")
    func impossibleStyles() async throws {
        let place = try await ModelPlace()
        defer { place.end() }
        let impossible = ["x-preview", "x-thumb", "photo", "Cute", "a b", "", String(repeating: "a", count: 25)]
        for (index, style) in impossible.enumerated() {
            place.write(try bytes(of: "chalk-m", calledStyle: style), to: "mine\(index).safetensors")
            _ = await place.folder.look()
            guard case .refused(_, let reason)? = await place.folder.look().first else {
                Issue.record("'\(style)' was taken")
                continue
            }
            #expect(reason.hasSuffix("not 'photo' and not with -preview or -thumb at the end"), "\(reason)")
            #expect(place.painter.styles == ["cute"])
        }
        place.write(try bytes(of: "chalk-m", calledStyle: "x-previews"), to: "mine.safetensors")
        _ = await place.folder.look()
        #expect(await place.folder.look() == [.added(file: "mine.safetensors", style: "x-previews")])
    }
}
