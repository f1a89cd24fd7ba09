import Album
import Appliance
import Testing
import Web

@Suite("Pictures as the web shows them")
struct PictureEntryTests {
    private let stand: Stand

    init() throws { stand = try Stand(ScriptedPainter()) }

    /// What happens until something is told, that included.
    private func news(_ stream: AsyncStream<ApplianceNews>, until isLast: (ApplianceNews) -> Bool) async {
        for await one in stream where isLast(one) { return }
    }

    @Test("a photo that comes in is painted, and its files are known by their names")
    func added() async throws {
        await stand.start()
        let events = stand.appliance.news()
        let entry = try await stand.appliance.add(jpeg(), style: "cute", faces: nil)
        #expect(entry.number == 1 && !entry.isPinned && entry.failed == [])
        await news(events) { if case .done(1, "cute") = $0 { true } else { false } }
        await news(events) { if case .state(StateEntry(.ready)) = $0 { true } else { false } }
        let painted = try #require(await stand.appliance.picture(1))
        #expect(painted.anime.map(\.style) == ["cute"] && painted.waiting == [] && painted.photo.style == nil)
        #expect(await stand.appliance.path(ofFile: "0001-cute.jpg")?.hasSuffix("/album/0001-cute.jpg") == true)
        #expect(await stand.appliance.fileNames(of: nil) == ["0001-photo.jpg", "0001-cute.jpg"])
        #expect(await stand.appliance.jobs == [])
        #expect(await stand.appliance.state == StateEntry(.ready))
        await stand.stop()
    }

    @Test(
        "the time of a photo is told as RFC 3339 writes it, and why a style could not be painted")
    func earlier() async throws {
        let album = try await Album(folder: "\(stand.folder.path)/album")
        _ = try await album.savePhoto(jpeg(), style: "", taken: ShotTime(seconds: 1_811_800_000, isTrusted: true))
        try await album.giveUp(style: "manga", of: 1, reason: "there is no such style")
        await album.close()
        await stand.start()
        let page = await stand.appliance.pictures(PictureWish())
        let picture = try #require(page.pictures.first)
        let taken = try #require(picture.taken)
        #expect(page.count == 1 && page.next == nil)
        #expect(taken.wholeMatch(of: /2027-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)/) != nil, "\(taken)")
        #expect(picture.failed == [.init(style: "manga", reason: "there is no such style")])
        await stand.stop()
    }

    @Test("what cannot be done is refused in a sentence that begins with a capital and ends with a full stop")
    func refusals() async throws {
        await stand.start()
        let appliance = stand.appliance
        await #expect(throws: Refusal(.notFound, "There is no such job.")) { try await appliance.cancel(job: "7") }
        for wish in [
            { () async throws in try await appliance.cancel(job: "7-chalk") },
            { () async throws in _ = try await appliance.convert(7, style: "chalk", as: AnimeWish()) },
            { () async throws in try await appliance.delete(7) },
            { () async throws in try await appliance.setPin(true, of: 7) },
        ] {
            let refusal = await #expect(throws: Refusal.self) { try await wish() }
            #expect(refusal?.kind == .notFound)
            let words = refusal?.description ?? ""
            #expect(words.first?.isUppercase == true && words.hasSuffix(".") && !words.hasSuffix(".."), "\(words)")
        }
        await stand.stop()
    }

    @Test("every picture of a wiped album is told to be gone, if it is wiped twice too")
    func wiped() async throws {
        let album = try await Album(folder: "\(stand.folder.path)/album")
        for _ in 0..<3 {
            _ = try await album.savePhoto(jpeg(), style: "chalk", taken: ShotTime(seconds: 0, isTrusted: false))
        }
        await album.close()
        await stand.start()
        let events = stand.appliance.news()
        // Until the pages listen to the album: then they are told of a pin.
        let pinning = Task { [appliance = stand.appliance] in
            for round in 0... {
                try await appliance.setPin(round.isMultiple(of: 2), of: 3)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        for await case .picture(let entry) in events where entry.number == 3 { break }
        pinning.cancel()
        _ = await pinning.result
        async let first: Void = stand.appliance.wipe()
        async let second: Void = stand.appliance.wipe()
        _ = try await (first, second)
        var gone: Set<Int> = []
        for await case .deleted(let number) in events {
            gone.insert(number)
            if gone.count == 3 { break }
        }
        #expect(gone == [1, 2, 3])
        await stand.stop()
    }
}
