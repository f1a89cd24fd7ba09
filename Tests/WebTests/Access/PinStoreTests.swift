import Glibc
import Testing

import Web

@Suite("The PIN's file")
struct PinStoreTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mode(_ name: String) -> mode_t {
        var status = stat()
        return stat(folder(name), &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("a folder without a PIN gets one of six digits")
    func new() throws {
        let pins = try PinStore(folder: folder.path)
        let pin = try #require(pins.newPin)
        #expect(pin.count == 6 && pin.allSatisfy { $0.isASCII && $0.isNumber })
        #expect(pins.isRight(pin))
    }

    @Test("the file has a hash and not the PIN, and only its owner reads it")
    func hash() throws {
        let pin = try #require(try PinStore(folder: folder.path).newPin)
        let text = String(decoding: contents(folder("pin")), as: UTF8.self)
        #expect(text.hasPrefix("$6$") && text.hasSuffix("\n") && text.count > 80)
        #expect(!text.contains(pin))
        #expect(mode("pin") == 0o600)
        #expect(folder.names == ["pin"])
    }

    @Test("every other PIN is wrong")
    func wrong() throws {
        let pins = try PinStore(folder: folder.path)
        let pin = try #require(pins.newPin)
        let other = String(pin.dropLast()) + (pin.last == "0" ? "1" : "0")
        let hash = String(decoding: contents(folder("pin")).dropLast(), as: UTF8.self)
        for text in [
            other, "", " \(pin)", "\(pin) ", String(pin.dropLast()), hash, String(repeating: "1", count: 5000),
        ] {
            #expect(!pins.isRight(text), "\(text.prefix(50))")
        }
    }

    @Test("the PIN outlives a restart and is not told again")
    func restart() throws {
        let pin = try #require(try PinStore(folder: folder.path).newPin)
        let pins = try PinStore(folder: folder.path)
        #expect(pins.newPin == nil)
        #expect(pins.isRight(pin))
    }

    @Test("a new PIN counts at once, and the old one no more")
    func renew() throws {
        let pins = try PinStore(folder: folder.path)
        let old = try #require(pins.newPin)
        let edition = pins.edition
        #expect(pins.edition == edition)
        var new = try PinStore.renew(in: folder.path)
        #expect(pins.edition != edition)
        if new == old { new = try PinStore.renew(in: folder.path) }
        #expect(pins.isRight(new))
        #expect(!pins.isRight(old))
        #expect(mode("pin") == 0o600)
        #expect(folder.names == ["pin"])
    }

    @Test("what was left of an interrupted change does no harm")
    func leftOver() throws {
        try folder.add(".animesnap-1f.part", Array("half".utf8))
        let pins = try PinStore(folder: folder.path)
        #expect(pins.isRight(try #require(pins.newPin)))
        #expect(mode("pin") == 0o600)
    }

    @Test("a damaged file is told in one sentence and not replaced", arguments: ["", "\n", "123456\n", "hash"])
    func damaged(_ text: String) throws {
        try folder.add("pin", Array(text.utf8))
        let problem = #expect(throws: WebError.self) { try PinStore(folder: folder.path) }
        #expect(problem?.description.contains("holds no PIN") == true)
        #expect(contents(folder("pin")) == Array(text.utf8))
    }

    @Test(
        "a hash that is none lets nobody in", arguments: ["$", "$6$", "$6$salt$", "$9$a$b", "$6$rounds=5000$abc$short"])
    func strangeHash(_ text: String) throws {
        try folder.add("pin", Array("\(text)\n".utf8))
        let pins = try PinStore(folder: folder.path)
        #expect(pins.newPin == nil)
        for pin in ["", "123456", text] { #expect(!pins.isRight(pin)) }
    }

    @Test("a folder that is not there is told in one sentence")
    func noFolder() {
        let problem = #expect(throws: WebError.self) { try PinStore(folder: folder("none")) }
        #expect(problem?.description.contains("cannot be written: No such file") == true)
    }

    @Test("without a folder each start has a PIN of its own")
    func inMemory() throws {
        let pins = try PinStore(folder: nil)
        let pin = try #require(pins.newPin)
        #expect(pins.isRight(pin))
        #expect(!pins.isRight(""))
    }
}
