import Testing

@Suite("Samples of styles")
struct SampleTests {
    private let painter = ScriptedPainter()

    @Test("ten who ask at once have it painted once")
    func together() async throws {
        let stand = try Stand(painter)
        let asking = (0..<10).map { _ in Task { await stand.appliance.sample(ofStyle: "chalk") } }
        await painter.asked(10)
        painter.letGo()
        for one in asking { #expect(await one.value == Array("first".utf8)) }
        #expect(painter.samples == ["chalk"])
    }

    @Test("it is kept, and painted again when another model paints the style")
    func replaced() async throws {
        let stand = try Stand(painter)
        painter.letGo()
        for _ in 0..<2 { #expect(await stand.appliance.sample(ofStyle: "chalk") == Array("first".utf8)) }
        #expect(await stand.appliance.sample(ofStyle: "cute") == Array("first".utf8))
        painter.replaceModel(of: "chalk", checksum: "second")
        for _ in 0..<2 { #expect(await stand.appliance.sample(ofStyle: "chalk") == Array("second".utf8)) }
        #expect(await stand.appliance.sample(ofStyle: "cute") == Array("first".utf8))
        #expect(painter.samples == ["chalk", "cute", "chalk"])
    }

    @Test("its address is another one with another model, so that browsers do not show the old one")
    func address() async throws {
        let stand = try Stand(painter)
        let before = await stand.appliance.styles.map(\.sample)
        painter.replaceModel(of: "chalk", checksum: "second")
        let after = await stand.appliance.styles.map(\.sample)
        #expect(before[0] != after[0] && before[1] == after[1])
    }

    @Test("a style that is gone has none")
    func gone() async throws {
        let stand = try Stand(painter)
        painter.letGo()
        #expect(await stand.appliance.sample(ofStyle: "chalk") != nil)
        painter.replaceModel(of: "chalk", checksum: nil)
        #expect(await stand.appliance.sample(ofStyle: "chalk") == nil)
        #expect(await stand.appliance.sample(ofStyle: "manga") == nil)
    }

    @Test("one that failed is tried again by the next who asks")
    func failed() async throws {
        let stand = try Stand(painter)
        painter.letGo()
        painter.failSamples(1)
        #expect(await stand.appliance.sample(ofStyle: "chalk") == nil)
        #expect(await stand.appliance.sample(ofStyle: "chalk") == Array("first".utf8))
    }
}
