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
        for path in ["sub/cel", "./cel-m", "/nowhere/x.safetensors", "cel.safetensors"] {
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
        let large = try folder.add("a/cel-l.safetensors")
        #expect(try library.path(of: "cel") == large)
        let small = try folder.add("a/cel-s.safetensors")
        #expect(try library.path(of: "cel") == small)
        let medium = try folder.add("b/cel-m.safetensors")
        #expect(try library.path(of: "cel") == medium)
        #expect(try library.path(of: "cel-l") == large)
    }

    @Test("knows the sizes of a style, wherever they lie; a path or a file's very name stands for one model")
    func sizes() throws {
        let library = library("a", "b")
        let large = try folder.add("b/cel-l.safetensors")
        let small = try folder.add("a/cel-s.safetensors")
        try folder.add("b/cel-s.safetensors")
        try folder.add("b/cel-x.safetensors")
        #expect(library.sizes(of: "cel") == [.small: small, .large: large])
        for name in ["cel-s", small, "cute", "./cel"] { #expect(library.sizes(of: name) == [:]) }
        try folder.add("b/cel.safetensors")
        #expect(library.sizes(of: "cel") == [:])
    }

    @Test("prefers a file of the very name to a style, wherever it lies")
    func exactName() throws {
        try folder.add("a/cel-m.safetensors")
        let exact = try folder.add("b/cel.safetensors")
        #expect(try library("a", "b").path(of: "cel") == exact)
    }

    @Test("names the models there are when it is asked for another")
    func unknown() throws {
        try folder.add("b/hay.safetensors")
        try folder.add("a/cel-m.safetensors")
        let error = #expect(throws: PaintingError.self) { try library("a", "b").path(of: "ce") }
        #expect(
            error?.description
                == "there is no model called 'ce': there are cel-m, hay; a path to a .safetensors file works too")
        let empty = #expect(throws: PaintingError.self) { try library("nowhere").path(of: "cel") }
        #expect(
            empty?.description
                == "there is no model called 'cel': no model files were found; set ANIMESNAP_WEIGHTS to their folder or "
                + "give a path")
    }

    @Test("lists each name once, in order, from the first folder that has it")
    func list() throws {
        let files = ["a/cel-m.safetensors", "b/cel-m.safetensors", "b/aqua.safetensors"]
        for file in files + ["a/readme.md", "a/.hidden.safetensors"] { try folder.add(file) }
        let models = library("nowhere", "a", "b").models()
        #expect(models.map(\.name) == ["aqua", "cel-m"])
        #expect(models.map(\.path) == ["\(folder.path)/b/aqua.safetensors", "\(folder.path)/a/cel-m.safetensors"])
    }
}
