import FoundationEssentials
import Glibc
import Testing

@Suite("Commands around the appliance", .onRealProcessors)
struct ApplianceCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// An album with two pictures.
    private func madeAlbum() throws -> String {
        let appliance = try RunningAppliance(album: folder("album"))
        try appliance.wait(for: "lamp: ready")
        for count in 1...2 {
            appliance.press()
            try appliance.wait(for: "painted as anime", times: count)
            try appliance.wait(for: "lamp: ready", times: count + 1)
        }
        _ = try appliance.terminate()
        return folder("album")
    }

    @Test("doctor says what would be used, and that it is well")
    func doctor() throws {
        let outcome = try animesnap(
            "doctor", "--album", folder("album"), "--set", "button.pin=keyboard", "--set", "lamp.pin=terminal",
            "--camera", "virtual")
        expectSuccess(outcome)
        for words in [
            "board: ", "kernels '", "model: ", "camera virtual: taken", "\(folder("album")) is not there yet",
        ] {
            #expect(outcome.text.contains(words), "\(words)")
        }
        #expect(folder.names == [], "nothing was made")
    }

    /// What doctor says about the web pages.
    private func web(_ arguments: String...) throws -> [String: String] {
        let outcome = try animesnap(
            ["doctor", "--json", "--album", folder("album"), "--camera", "virtual"] + arguments)
        let findings = try JSONDecoder().decode([[String: String]].self, from: Data(outcome.output))
        return try #require(findings.first { $0["subject"] == "web" })
    }

    @Test("doctor says whether the port of the web pages is free, taken or not to be had")
    func webPort() throws {
        let listener = try Listener()
        let taken = try web("--port", "\(listener.port)", "--set", "web.address=127.0.0.1")
        #expect(taken["verdict"] == "warning")
        #expect(taken["text"]?.hasPrefix("port \(listener.port) of 127.0.0.1 is taken") == true)
        listener.close()
        let free = try web("--port", "\(listener.port)", "--set", "web.address=127.0.0.1")
        #expect(free == ["subject": "web", "verdict": "good", "text": "port \(listener.port) of 127.0.0.1 is free"])
        let foreign = try web("--set", "web.address=192.0.2.1")
        #expect(foreign["verdict"] == "warning" && foreign["text"]?.contains("no address of this machine") == true)
        #expect(try web("--no-web")["text"] == "off: pictures are not shown on the network")
    }

    @Test("doctor says whether QR codes can be drawn, and what to install when they cannot")
    func codes() throws {
        func codes(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> [String: String]? {
            let outcome = try animesnap(
                ["doctor", "--json", "--album", folder("album"), "--camera", "virtual"] + arguments,
                environment: environment)
            let findings = try JSONDecoder().decode([[String: String]].self, from: Data(outcome.output))
            return findings.first { $0["subject"] == "codes" }
        }
        #expect(try codes(["--no-web"]) == nil)
        #expect(try codes()?["text"]?.contains("QR codes") == true)
        // What is no library stands in the way of one that may be installed.
        for version in 3...4 { _ = try folder.add("libqrencode.so.\(version)", [0]) }
        let missing = try codes([], ["LD_LIBRARY_PATH": folder("")])
        #expect(missing?["verdict"] == "warning")
        #expect(missing?["text"]?.contains("install libqrencode4; until then pages show addresses in words") == true)
    }

    @Test("doctor fails when something needed is missing, and says it in JSON too")
    func problem() throws {
        let outcome = try animesnap(
            "doctor", "--json", "--album", folder("album"), "--camera", "virtual", "--style", "manga", "--set",
            "button.pin=keyboard", "--set", "lamp.pin=terminal")
        #expect(outcome.code == 1 && outcome.errors == "")
        let findings = try JSONDecoder().decode([[String: String]].self, from: Data(outcome.output))
        let problems = findings.filter { $0["verdict"] == "problem" }
        #expect(problems.count == 1 && problems[0]["subject"] == "model", "\(problems)")
    }

    @Test("config print shows each value with where it comes from, the last source winning")
    func sources() throws {
        let file = try folder.add("a.yaml", Array("style: cute\npicture:\n  size: 640\n  quality: 80\n".utf8))
        let outcome = try animesnap(
            ["config", "print", "--config", file, "--set", "picture.quality=70"],
            environment: ["ANIMESNAP_PICTURE_SIZE": "800"])
        expectSuccess(outcome)
        func line(_ key: String) -> [Substring] {
            outcome.lines.first { $0.hasPrefix(key + " ") }.map { $0.split(separator: " ") } ?? []
        }
        #expect(line("style")[1] == "cute" && line("style").suffix(3).joined(separator: " ") == "\(file) line 1")
        #expect(line("picture.size")[1] == "800" && line("picture.size").last == "ANIMESNAP_PICTURE_SIZE")
        #expect(line("picture.quality")[1] == "70" && line("picture.quality").contains("--set"))
        #expect(line("countdown")[1] == "0" && line("countdown").last == "built-in")
    }

    @Test(
        "a setting that is not possible is refused with its place, what is allowed and the nearest key",
        arguments: [
            ("pictur:\n  size: 3\n", "line 2: there is no key 'pictur.size'; the nearest is picture.size"),
            ("picture:\n  size: 3\n", "line 2: picture.size is '3'; 16 to 32768 or full are possible"),
            ("style: chalk\nstyle: cute\n", "line 2 gives style again, after line 1"),
            ("\tstyle: chalk\n", "line 1 is indented with a tab; use spaces"),
        ])
    func refusals(_ text: String, _ sentence: String) throws {
        let file = try folder.add("a.yaml", Array(text.utf8))
        for command in [["config", "print"], ["run"], ["doctor"]] {
            let outcome = try animesnap(command + ["--config", file])
            #expect(outcome.code == 1 && outcome.errors.contains(sentence), "\(outcome.errors)")
        }
    }

    @Test("album lists, pins, exports, deletes and wipes")
    func album() throws {
        let album = try madeAlbum()
        func pictures() throws -> [Substring] { try animesnap("album", "list", "--album", album).lines }
        #expect(try pictures() == ["\(album)/0002-photo.jpg: anime", "\(album)/0001-photo.jpg: anime"])
        expectSuccess(try animesnap("album", "pin", "1", "--album", album))
        #expect(try pictures().last?.hasSuffix("anime, pinned") == true)
        let exported = try animesnap("album", "export", folder("stick"), "--album", album)
        #expect(exported.code == 0 && exported.text == "2 pictures are in \(folder("stick"))\n", "\(exported.errors)")
        #expect(folder.bytes("stick/0001-photo.jpg") == folder.bytes("album/0001-photo.jpg"))
        expectSuccess(try animesnap("album", "delete", "2", "--album", album))
        #expect(try pictures().count == 1)
        expectRefusal(
            try animesnap("album", "delete", "2", "--album", album), "there is no picture 0002 in \(album).")
        expectRefusal(
            try animesnap("album", "wipe", "--album", album),
            "all pictures in \(album) would be deleted; --yes says that this is meant.")
        try folder.add("album/holiday.txt", Array("mine".utf8))
        let wiped = try animesnap("album", "wipe", "--yes", "--album", album)
        #expect(wiped.code == 0 && wiped.text == "1 pictures were deleted from \(album)\n")
        #expect(try pictures() == [])
        #expect(folder.bytes("album/holiday.txt") == Array("mine".utf8), "a file that is not the album's stays")
    }

    @Test("an album that a running appliance writes to can be listed, but not changed")
    func beside() throws {
        let appliance = try RunningAppliance(album: folder("album"))
        try appliance.wait(for: "lamp: ready")
        expectSuccess(try animesnap("album", "list", "--album", folder("album")))
        let outcome = try animesnap("album", "wipe", "--yes", "--album", folder("album"))
        #expect(outcome.code == 1 && outcome.errors.contains("another process is writing to"))
        _ = try appliance.terminate()
    }
}
