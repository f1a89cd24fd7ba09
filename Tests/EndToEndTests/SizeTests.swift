import FoundationEssentials
import Glibc
import Testing

@Suite("Sizes of models", .onRealProcessors)
struct SizeTests {
    let folder: TemporaryFolder
    let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        for size in ["s", "m", "l"] {
            try folder.add("three/cute-\(size).safetensors", contents("\(Places.weights)/cute-m.safetensors"))
        }
        environment = [
            "ANIMESNAP_WEIGHTS": folder("three"), "ANIMESNAP_STATE_FOLDER": folder("state"), "ANIMESNAP_STYLE": "cute",
        ]
    }

    /// Makes small and large another model than the middle one, so that a picture tells which of them painted.
    private func mark() throws {
        for size in ["s", "l"] {
            try folder.add("three/cute-\(size).safetensors", contents("\(Places.weights)/cute-\(size).safetensors"))
        }
    }

    /// What `convert` painted with.
    private func converted(_ more: [String: String] = [:], model: String = "cute") throws -> String {
        struct Line: Decodable { let model: String }
        let outcome = try animesnap(
            ["convert", Places.photo, folder("anime.jpg"), "--model", model, "--size", "64", "--json"],
            environment: environment.merging(more) { $1 })
        #expect(outcome.code == 0, "\(outcome.errors)")
        unlink(folder("anime.jpg"))
        return try JSONDecoder().decode(Line.self, from: Data(outcome.output)).model
    }

    private func doctor(_ more: [String: String] = [:]) throws -> [[String: String]] {
        let outcome = try animesnap(
            [
                "doctor", "--json", "--album", folder("album"), "--camera", "virtual", "--set", "models.time-limit=600",
                "--set", "picture.size=128",
            ], environment: environment.merging(more) { $1 })
        return try JSONDecoder().decode([[String: String]].self, from: Data(outcome.output))
            .filter { $0["subject"] == "size" }
    }

    @Test("convert paints a style with the middle one, with the one that is set, or with the one that is named")
    func convert() throws {
        try mark()
        #expect(try converted() == "cute-m")
        #expect(try converted(["ANIMESNAP_MODELS_SIZE": "s"]) == "cute-s")
        #expect(try converted(["ANIMESNAP_MODELS_SIZE": "s"], model: "cute-l") == "cute-l")
        #expect(try converted(["ANIMESNAP_MODELS_SIZE": "huge"]) == "cute-m", "wrong settings are the camera's to tell")
    }

    @Test("doctor measures where nothing was measured, and keeps nothing")
    func unmeasured() throws {
        let sizes = try doctor()
        #expect(sizes.count == 1 && sizes[0]["verdict"] == "good")
        let text = sizes[0]["text"] ?? ""
        for words in [
            "l, about ", " a picture at 128 with two faces (measured: ", " GMAC/s, ", "s); ", "; 'run' measures again",
        ] {
            #expect(text.contains(words), "\(text)")
        }
        #expect(!folder.names.contains("state"))
    }

    @Test("run measures once, keeps it, and says which size paints; doctor and convert go by that")
    func measured() throws {
        let more = environment.merging(["ANIMESNAP_MODELS_TIME_LIMIT": "600"]) { $1 }
        let appliance = try RunningAppliance(album: folder("album"), environment: more)
        try appliance.wait(for: "size: l, about ")
        try appliance.wait(for: "lamp: ready")
        appliance.press()
        try appliance.wait(for: "painted as cute")
        _ = try appliance.terminate()
        let kept = folder.bytes("state/speed.json")
        #expect(!kept.isEmpty)
        let again = try RunningAppliance(album: folder("album"), environment: more)
        try again.wait(for: "size: l, about ")
        _ = try again.terminate()
        #expect(folder.bytes("state/speed.json") == kept)
        let sizes = try doctor()
        #expect(sizes.count == 1)
        #expect(
            sizes[0]["text"]?.hasPrefix("l, about ") == true && sizes[0]["text"]?.contains("; s, m, l exist") == true)
        #expect(sizes[0]["text"]?.contains("measures again") == false)
        try mark()
        #expect(try converted(["ANIMESNAP_MODELS_TIME_LIMIT": "600"]) == "cute-l")
    }

    @Test("one that is asked for and not there is told once, and the nearest paints")
    func missing() throws {
        // Under a name of its own, as the program finds its own files too, and they have every size.
        try folder.add("three/mine-m.safetensors", contents("\(Places.weights)/cute-m.safetensors"))
        let wish = environment.merging(["ANIMESNAP_MODELS_SIZE": "l", "ANIMESNAP_STYLE": "mine"]) { $1 }
        let sentence = "models.size is 'l', which not every style has; it is m for "
        let appliance = try RunningAppliance(album: folder("album"), environment: wish)
        try appliance.wait(for: "size: \(sentence)")
        try appliance.wait(for: "lamp: ready")
        _ = try appliance.terminate()
        #expect(!folder.names.contains("state/speed.json"), "nothing is measured that does not count")
        let sizes = try doctor(wish)
        #expect(sizes.count == 2 && sizes[1]["verdict"] == "warning", "\(sizes)")
        #expect(sizes[1]["text"]?.hasPrefix(sentence) == true)
    }
}
