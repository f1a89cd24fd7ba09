import Engine
import Testing

@Suite("model", .onRealProcessors)
struct ModelCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("list names every model with its title, size, licence and path")
    func list() throws {
        let outcome = try animesnap("model", "list")
        expectSuccess(outcome)
        for name in Places.models {
            let path = "\(Places.weights)/\(name).safetensors"
            let model = try ModelFile(path: path)
            #expect(outcome.text.contains("\(name)  \(model.graph.title)\n"))
            #expect(outcome.text.contains("MB, \(model.graph.licence)\n    \(path)\n"))
        }
    }

    @Test("every size of a style tells its title and terms alike", arguments: ["cute"])
    func shipped(_ style: String) throws {
        for size in ["s", "m", "l"] {
            let graph = try ModelFile(path: "\(Places.weights)/\(style)-\(size).safetensors").graph
            #expect(graph.title.lowercased().hasPrefix("\(style): "), "\(style)-\(size) is called \(graph.title)")
            #expect(graph.licence.contains("non-commercial"), "\(style)-\(size) is licensed \(graph.licence)")
        }
    }

    @Test("list lists the usable files although another is damaged, and names that one")
    func damaged() throws {
        let bytes = contents("\(Places.weights)/cute-m.safetensors")
        try folder.add("whole.safetensors", bytes)
        let path = try folder.add("damaged.safetensors", Array(bytes.dropLast(64)))
        let outcome = try animesnap("model", "list", environment: ["ANIMESNAP_WEIGHTS": folder.path])
        #expect(outcome.code == 1)
        #expect(outcome.text.contains("whole  ") && !outcome.text.contains("damaged"))
        #expect(outcome.errors.hasPrefix("animesnap: \(path) is not a usable model file: "))
        #expect(outcome.errors.count { $0 == "\n" } == 1)
    }

    @Test("inspect tells name, licence, cost, memory, and every layer", arguments: Places.models)
    func inspect(_ name: String) throws {
        let outcome = try animesnap("model", "inspect", name, "--size", "256")
        expectSuccess(outcome)
        let model = try ModelFile(path: "\(Places.weights)/\(name).safetensors")
        let plan = try Plan(graph: model.graph, picture: Graph.Extent(height: 256, width: 256))
        for part in [
            "\(name): \(model.graph.title)", "licence: \(model.graph.licence)", "checksum \(model.checksum)",
            "\(model.parameterCount) parameters", "at 256x256: ", "workspace \(plan.workspaceBytes) bytes",
        ] {
            #expect(outcome.text.contains(part), "\(part)")
        }
        for layer in model.graph.layers {
            #expect(outcome.lines.contains { $0.hasPrefix("\(layer.name) ") }, "\(layer.name)")
        }
    }

    @Test("inspect refuses what is no model")
    func inspectOther() throws {
        let outcome = try animesnap("model", "inspect", Places.photo)
        #expect(outcome.code == 1 && outcome.text == "")
        #expect(outcome.errors.hasPrefix("animesnap: \(Places.photo) is not a usable model file: "))
    }

    @Test("export writes an ONNX file, whole or not at all")
    func export() throws {
        let outcome = try animesnap("model", "export", "cute-s", folder("cute.onnx"))
        expectSuccess(outcome)
        #expect(outcome.text.contains("cute.onnx: ") && outcome.text.contains("non-commercial"))
        #expect(folder.names == ["cute.onnx"])
        let nowhere = try animesnap("model", "export", "cute-s", folder("missing/cute.onnx"))
        #expect(nowhere.code == 1 && nowhere.text == "" && nowhere.errors.count { $0 == "\n" } == 1)
        let other = try animesnap("model", "export", Places.photo, folder("photo.onnx"))
        #expect(other.code == 1 && other.errors.contains("is not a usable model file"))
        let misnamed = try animesnap("model", "export", "cute-s", folder("cute.safetensors"))
        #expect(misnamed.code == 64 && misnamed.errors.contains("must end in .onnx"))
        #expect(folder.names == ["cute.onnx"])
    }

    @Test("import refuses what is no network, and photos that are not there, without leaving a file")
    func importOther() throws {
        let text = try folder.add("text.onnx", Array("This is no network.".utf8))
        _ = try folder.addFolder("photos")
        let before = folder.names
        for network in [text, folder("missing.onnx"), Places.photo] {
            let outcome = try animesnap(
                "model", "import", network, "--calibrate", folder("photos"), "-o", folder("model.safetensors"))
            #expect(outcome.code == 1 && outcome.text == "")
            #expect(outcome.errors.hasPrefix("animesnap: ") && outcome.errors.contains(network), "\(outcome.errors)")
            #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
            #expect(folder.names == before)
        }
    }

    @Test("import refuses a style that no picture can be named after before it reads anything")
    func importStyle() throws {
        let rule = "1 to 24 of a-z, 0-9 and - are possible, not 'photo' and not with -preview or -thumb at the end"
        let before = folder.names
        func refusal(_ arguments: String..., output: String = "net.safetensors") throws -> Outcome {
            let outcome = try animesnap(
                ["model", "import", folder("net.onnx"), "--calibrate", folder("photos"), "-o", folder(output)]
                    + arguments)
            #expect(folder.names == before)
            return outcome
        }
        for style in ["x-preview", "x-thumb", "photo", "Cute", "a b", "../x", String(repeating: "a", count: 25)] {
            expectRefusal(
                try refusal("--style=\(style)"),
                "--style is '\(style)'; \(rule) (see 'animesnap model import --help').", code: 64)
        }
        // Without a word the style comes from the file's name.
        expectRefusal(
            try refusal(output: "Face-m.safetensors"),
            "-o makes the style 'Face'; \(rule); --style gives it another name (see 'animesnap model import --help').",
            code: 64)
    }
}
