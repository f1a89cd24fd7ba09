import Painting
import Testing

@Suite("A library of models")
struct ModelLibraryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library(_ folders: String...) -> ModelLibrary {
        ModelLibrary(folders: folders.map { "\(folder.path)/\($0)" })
    }

    @Test("takes a path as it is, whether or not there is a file")
    func paths() throws {
        let library = library("a")
        for path in ["sub/chalk", "./chalk-m", "/nowhere/x.safetensors", "chalk.safetensors"] {
            #expect(try library.path(of: path) == path)
        }
    }

    @Test("searches the folders in their order")
    func order() throws {
        try folder.add("a/one.safetensors")
        try folder.add("b/one.safetensors")
        let second = try folder.add("b/two.safetensors")
        #expect(try library("a", "b").path(of: "one") == "\(folder.path)/a/one.safetensors")
        #expect(try library("b", "a").path(of: "one") == "\(folder.path)/b/one.safetensors")
        #expect(try library("nowhere", "a", "b").path(of: "two") == second)
    }

    @Test("takes a style for its model: medium, else small, else large")
    func styles() throws {
        let library = library("a", "b")
        let large = try folder.add("a/chalk-l.safetensors")
        #expect(try library.path(of: "chalk") == large)
        let small = try folder.add("a/chalk-s.safetensors")
        #expect(try library.path(of: "chalk") == small)
        let medium = try folder.add("b/chalk-m.safetensors")
        #expect(try library.path(of: "chalk") == medium)
        #expect(try library.path(of: "chalk-l") == large)
    }

    @Test("knows the sizes of a style, wherever they lie; a path or a file's very name stands for one model")
    func sizes() throws {
        let library = library("a", "b")
        let large = try folder.add("b/chalk-l.safetensors")
        let small = try folder.add("a/chalk-s.safetensors")
        try folder.add("b/chalk-s.safetensors")
        try folder.add("b/chalk-x.safetensors")
        #expect(library.sizes(of: "chalk") == [.small: small, .large: large])
        for name in ["chalk-s", small, "cute", "./chalk"] { #expect(library.sizes(of: name) == [:]) }
        try folder.add("b/chalk.safetensors")
        #expect(library.sizes(of: "chalk") == [:])
    }

    @Test("prefers a file of the very name to a style, wherever it lies")
    func exactName() throws {
        try folder.add("a/chalk-m.safetensors")
        let exact = try folder.add("b/chalk.safetensors")
        #expect(try library("a", "b").path(of: "chalk") == exact)
    }

    @Test("names the models there are when it is asked for another")
    func unknown() throws {
        try folder.add("b/hay.safetensors")
        try folder.add("a/chalk-m.safetensors")
        let error = #expect(throws: PaintingError.self) { try library("a", "b").path(of: "ce") }
        #expect(
            error?.description
                == "there is no model called 'ce': there are chalk-m, hay; a path to a .safetensors file works too")
        let empty = #expect(throws: PaintingError.self) { try library("nowhere").path(of: "ce") }
        #expect(
            empty?.description
                == "there is no model called 'ce': no model files were found; set ANIMESNAP_WEIGHTS to their folder or "
                + "give a path")
    }

    @Test("lists each name once, in order, from the first folder that has it")
    func list() throws {
        let files = ["a/chalk-m.safetensors", "b/chalk-m.safetensors", "b/aqua.safetensors"]
        for file in files + ["a/readme.md", "a/.hidden.safetensors"] { try folder.add(file) }
        let models = library("nowhere", "a", "b").models()
        #expect(models.map(\.name) == ["aqua", "chalk-m"])
        #expect(models.map(\.path) == ["\(folder.path)/b/aqua.safetensors", "\(folder.path)/a/chalk-m.safetensors"])
    }

    @Test("finds a drawn style by its file's name, with its network in all sizes, or in the one that is named")
    func drawn() throws {
        let library = library("a", "b")
        let small = try folder.add("a/brush-s.safetensors")
        let large = try folder.add("b/brush-l.safetensors")
        let file = try folder.add("b/styles/own.json", Array(#"{"network": "brush", "eyes": 1.5}"#.utf8))
        let found = try library.style("own")
        #expect(found.file?.path == file && found.file?.style.eyes == 1.5)
        #expect(found.models.map(\.size) == [.small, .large] && found.models.map(\.path) == [small, large])
        #expect(found.standard == small)
        #expect(try library.path(of: "own") == small)
        let one = try library.style("own-l")
        #expect(one.models.map(\.path) == [large] && one.models[0].size == nil && one.file?.name == "own")
        #expect(try library.style(file).models.map(\.path) == [small, large])
        let missing = #expect(throws: PaintingError.self) { try library.style("own-m") }
        #expect(missing?.description == "there is no brush-m for the style 'own'")
        #expect(try library.style("brush").file == nil && library.style("brush-s").models[0].path == small)
    }

    @Test("says which network a style lacks")
    func withoutNetwork() throws {
        let file = try folder.add("a/styles/own.json", Array("{}".utf8))
        let error = #expect(throws: PaintingError.self) { try library("a").style("own") }
        #expect(
            error?.description
                == "\(file): its network is 'drawn', and there is no drawn-s, drawn-m or drawn-l.safetensors in "
                + "\(folder.path)/a")
    }

    @Test("lists style files once, in order, without the schema beside them")
    func styleFiles() throws {
        for file in ["a/styles/own.json", "b/styles/own.json", "b/styles/aqua.json", "a/styles/style.schema.json"] {
            try folder.add(file, Array("{}".utf8))
        }
        let files = library("nowhere", "a", "b").styleFiles()
        #expect(files.map(\.name) == ["aqua", "own"])
        #expect(files.map(\.path) == ["\(folder.path)/b/styles/aqua.json", "\(folder.path)/a/styles/own.json"])
    }

    @Test("answers for styles that have gone with those in their places, unless somebody has them still")
    func retired() throws {
        for (old, new) in [
            ("cel", "anime"), ("shinkai", "painted"), ("cel-m", "anime-m"), ("shinkai-neon", "painted-neon"),
        ] {
            let error = #expect(throws: PaintingError.self) { try library("a").style(old) }
            #expect(error?.description == "the style '\(old)' is not painted any more; '\(new)' has its place")
        }
        for name in ["cel-x", "cell", "celm", "-cel", "cute", "cel-"] {
            #expect(RetiredStyles.successor(of: name) == nil, "\(name)")
        }
        let path = try folder.add("a/cel-m.safetensors")
        #expect(try library("a").style("cel").standard == path)
    }
}
