import Booth
import FoundationEssentials
import Glibc
import Devices
import Painting
import Testing

@Suite("Settings")
struct SettingsTests {
    private func load(
        environment: [String: String] = [:], flags: [(String, String)] = [], model: String? = nil
    ) throws -> Settings {
        try SettingsLoader.load(
            file: "/dev/null", environment: environment,
            flags: flags.map { SettingsLoader.Flag(name: "--set", key: $0.0, value: $0.1) }, model: model)
    }

    @Test(
        "suit the board that the device tree names",
        arguments: [
            ("Raspberry Pi Zero 2 W Rev 1.0", "Raspberry Pi Zero 2 W", 48),
            ("Raspberry Pi 3 Model B Plus Rev 1.3", "Raspberry Pi 3", 96),
            ("Raspberry Pi 4 Model B Rev 1.5", "Raspberry Pi 4", 192),
            ("Raspberry Pi Compute Module 5 Rev 1.0", "Raspberry Pi 5", 256), ("Raspberry Pi 7", "Raspberry Pi 3", 96),
        ])
    func boards(_ model: String, _ name: String, _ megabytes: Int) throws {
        let settings = try load(model: model)
        #expect(settings.profile.name == name)
        #expect(settings.painterOptions.memoryLimit == megabytes << 20)
        #expect(settings.button == .line(try GPIOAddress("GPIO17")))
        #expect(settings.lamp == .line(try GPIOAddress("GPIO27")))
        #expect(settings.boothOptions.shutdownCommand == ["/usr/bin/systemctl", "poweroff"])
    }

    @Test("of a machine without a device tree are those of a laptop")
    func laptop() throws {
        let settings = try load()
        #expect(settings.button == .keyboard && settings.lamp == .terminal)
        #expect(settings.boothOptions.shutdownCommand.isEmpty)
    }

    @Test(
        "make pictures of 1280 pixels, on a Raspberry Pi 5 of 1920, and the camera takes them as large",
        arguments: [nil, "Raspberry Pi Zero 2 W", "Raspberry Pi 3", "Raspberry Pi 4", "Raspberry Pi 5"])
    func pictures(_ model: String?) throws {
        let settings = try load(model: model)
        #expect(settings.animeSide == (model == "Raspberry Pi 5" ? 1920 : 1280))
        #expect(settings.cameraMode.width == settings.animeSide)
        #expect(4 * settings.cameraMode.height == 3 * settings.cameraMode.width)
    }

    @Test("have each face painted by itself, unless they say otherwise")
    func faces() throws {
        #expect(try load().painterOptions.faces == .auto)
        #expect(try load(flags: [("picture.faces", "off")]).painterOptions.faces == .off)
        #expect(try load(environment: ["ANIMESNAP_PICTURE_FACES": "only"]).painterOptions.faces == .only)
    }

    @Test("crop to the people in a photo only when they are told to")
    func crop() throws {
        #expect(try load().painterOptions.crop == .off)
        #expect(try load(flags: [("picture.crop", "4:5")]).painterOptions.crop == .portrait)
        let error = #expect(throws: (any Error).self) { try load(flags: [("picture.crop", "3:2")]) }
        #expect("\(error as Any)".contains("off, faces, 4:5, 1:1 are possible"))
    }

    @Test("find the program's own networks, in a folder of other models too", arguments: ["", "/tmp/no-such-folder"])
    func networks(_ folder: String) throws {
        let options = try load(flags: [("models.folder", folder)]).painterOptions
        #expect(options.faceNetwork != nil && options.enlarger != nil)
    }

    @Test("from flags count more than those of the environment, which count more than the board's")
    func precedence() throws {
        let model = "Raspberry Pi 5 Model B"
        #expect(try load(model: model)[.size] == "1920")
        let environment = ["ANIMESNAP_PICTURE_SIZE": "800", "ANIMESNAP_WEIGHTS": "/x", "HOME": "/root"]
        #expect(try load(environment: environment, model: model)[.size] == "800")
        #expect(try load(environment: environment, flags: [("picture.size", "640")], model: model)[.size] == "640")
    }

    @Test("every key refuses what it cannot use, and takes its own standard value", arguments: SettingKey.allCases)
    func values(_ key: SettingKey) throws {
        let standard = try load()[key]
        #expect(try load(flags: [(key.rawValue, standard)])[key] == standard)
        let anything: [SettingKey] = [
            .albumFolder, .modelsFolder, .style, .cameraDevice, .shutdownCommand, .stateFolder, .webAddress, .webName,
            .webHosts, .wifiName, .wifiPassword,
        ]
        guard !anything.contains(key) else { return }
        let error = #expect(throws: BoothError.self) { try load(flags: [(key.rawValue, "no such thing")]) }
        #expect(error?.description.contains("\(key.rawValue) is 'no such thing'") == true)
        #expect(error?.description.contains("possible") == true)
    }

    @Test("leave the size of models to the board, within two seconds a finished picture, unless they name one")
    func sizes() throws {
        let rule = try load(flags: [("camera.size", "640x480")]).sizeRule(speed: nil)
        #expect(rule.wish == nil && rule.timeLimit == 2 && rule.speed == nil)
        #expect(rule.photo.width == 640 && rule.photo.height == 480)
        #expect(try load(flags: [("models.size", "l")]).sizeRule(speed: nil).wish == .large)
        #expect(try load(flags: [("models.time-limit", "2.5")]).sizeRule(speed: nil).timeLimit == 2.5)
        for wrong in ["0", "-1", "1e2", "nan", "601", "", ".", "1.2.3", "0x1"] {
            #expect(throws: BoothError.self) { try load(flags: [("models.time-limit", wrong)]) }
        }
    }

    @Test("that the host chose are kept, and count more than the file but less than the environment")
    func chosen() throws {
        var template = Array("/tmp/animesnap-chosen-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var chosen = try ChosenSettings(folder: folder)
        try chosen.keep([.style: "cute", .size: "640"])
        try chosen.keep([.size: "768", .mostPictures: "all"])
        let again = try ChosenSettings(folder: folder)
        func load(_ environment: [String: String] = [:]) throws -> Settings {
            try SettingsLoader.load(chosen: again.path, environment: environment, model: "Raspberry Pi 5")
        }
        #expect(try load()[.style] == "cute" && load()[.size] == "768" && load().mostPictures == nil)
        #expect(try load(["ANIMESNAP_STYLE": "chalk"])[.style] == "chalk")
        #expect(try load().entries.first { $0.key == .size }?.origin.hasPrefix(again.path) == true)
    }

    @Test("of drawn styles are kept by style and key, until the host goes back to what the file says")
    func styles() throws {
        var template = Array("/tmp/animesnap-styles-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/settings.yaml"
        try Data("styles:\n  anime:\n    eyes: 1.2\n    hair: pink\n  own:\n    line: 2\n".utf8)
            .write(to: URL(filePath: file))
        var chosen = try ChosenSettings(folder: folder)
        try chosen.keep([.size: "640"])
        try chosen.keep(["eyes": "1.7", "line-colour": "#010203"], ofStyle: "anime")
        func load() throws -> Settings {
            try SettingsLoader.load(
                file: file, chosen: ChosenSettings(folder: folder).path, environment: [:], model: nil)
        }
        let settings = try load()
        #expect(
            settings.styleSettings.map { "\($0.name)=\($0.value)" } == [
                "styles.anime.eyes=1.7", "styles.anime.hair=pink", "styles.anime.line-colour=#010203",
                "styles.own.line=2",
            ])
        #expect(settings.styleSettings.map(\.isChosen) == [true, false, true, false])
        let drawn = settings.styleSettings.applied(to: DrawnStyle(), of: "anime")
        #expect(drawn.eyes == 1.7 && drawn.hair == .pink && drawn.lineColour == (1, 2, 3) && drawn.line == 1)
        try chosen.keep([:], ofStyle: "anime")
        #expect(try load().styleSettings.applied(to: DrawnStyle(), of: "anime").eyes == 1.2)
        #expect(try load()[.size] == "640")
    }

    @Test(
        "of drawn styles are refused with what is possible",
        arguments: [
            ("styles.anime.eyes", "3", "--set: styles.anime: eyes is 3; 1 to 1.8 are possible"),
            ("styles.anime.ears", "1", "--set: styles.anime: there is no key 'ears'; network, eyes"),
            ("styles.anime.network", "drawn", "--set: styles.anime: the network cannot be set here"),
            ("styles.anime", "1", "--set: there is no key 'styles.anime'; styles.NAME.KEY is possible"),
            ("styles", "", "--set: there is no key 'styles'; styles.NAME.KEY is possible"),
            ("styles..eyes", "1", "--set: there is no key 'styles..eyes'; styles.NAME.KEY is possible"),
        ])
    func wrongStyles(_ key: String, _ value: String, _ sentence: String) {
        let error = #expect(throws: BoothError.self) { try load(flags: [(key, value)]) }
        #expect(error?.description.hasPrefix(sentence) == true, "\(error as Any)")
    }

    @Test("a file may end its lines as other systems do", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) throws {
        var template = Array("/tmp/animesnap-lines-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/settings.yaml"
        let text = ["# Of the party", "style: cute", "", "picture:", "  size: 640  # small", "  quality: '80'", ""]
        try Data(text.joined(separator: end).utf8).write(to: URL(filePath: file))
        let settings = try SettingsLoader.load(file: file, environment: [:], model: nil)
        #expect(settings[.style] == "cute" && settings[.size] == "640" && settings[.quality] == "80")
        #expect(settings.entries.first { $0.key == .size }?.origin.hasSuffix("line 5") == true)
    }

    @Test("an unknown key is answered with the nearest one")
    func nearest() {
        for (wrong, right) in [("stile", "style"), ("camera.kin", "camera.kind"), ("queue.lenght", "queue.length")] {
            let error = #expect(throws: BoothError.self) { try load(flags: [(wrong, "1")]) }
            #expect(error?.description.contains("the nearest is \(right)") == true)
        }
        let error = #expect(throws: BoothError.self) { try load(flags: [("picture", "1")]) }
        #expect(
            error?.description.contains("there is picture.size, picture.faces, picture.crop, picture.quality") == true)
    }
}
