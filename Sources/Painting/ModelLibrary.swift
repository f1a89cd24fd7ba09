import Engine
import Glibc
import Platform

/// The folders in which model files are looked for by name.
public struct ModelLibrary: Sendable {
    /// The folders, the first to be searched first.
    public var folders: [String]

    /// A library of the given folders.
    public init(folders: [String]) { self.folders = folders }

    /// The folder that `ANIMESNAP_WEIGHTS` names, then `weights` beside the program or above it (a checkout), then
    /// where packages install model files.
    public static var standard: ModelLibrary {
        var folders: [String] = []
        if let named = getenv("ANIMESNAP_WEIGHTS") { folders.append(String(cString: named)) }
        var above = programFolder
        for _ in 0..<5 where !above.isEmpty {
            folders.append(above + "/weights")
            above = parent(of: above)
        }
        folders += ["weights", "/usr/local/share/animesnap/weights", "/usr/share/animesnap/weights"]
        return ModelLibrary(folders: folders)
    }

    static let modelEnding = ".safetensors"

    /// The path of the model that `name` stands for: a path if it has a slash or ends in `.safetensors`, else the name
    /// of a file in one of the folders; `cute` also stands for the first of `cute-m`, `cute-s`, `cute-l` that is there, and
    /// the name of a drawn style for a network of it.
    ///
    /// - Parameter name: What a person gave.
    /// - Returns: The path; a file is there unless the path was given.
    /// - Throws: ``PaintingError`` naming the styles and models that are there.
    public func path(of name: String) throws(PaintingError) -> String {
        if name.contains("/") || name.hasSuffix(Self.modelEnding) { return name }
        if let path = file(name) { return path }
        let sizes = sizes(of: name)
        if let path = sizes[.medium] ?? sizes[.small] ?? sizes[.large] { return path }
        let styles = styleFiles()
        if styles.contains(where: { $0.name == name }) { return try style(name).standard }
        if let words = RetiredStyles.words(about: name) { throw PaintingError(words) }
        let known = styles.map(\.name) + models().map(\.name)
        let choices =
            known.isEmpty
            ? "no model files were found; set ANIMESNAP_WEIGHTS to their folder or give a path"
            : "there are \(known.joined(separator: ", ")); a path to a .safetensors file works too"
        throw PaintingError("there is no model called '\(name)': \(choices)")
    }

    /// The files of a style by their sizes, `cute-s`, `cute-m` and `cute-l`, of which those that are there; none when `style`
    /// is a path or a file's very name, and so stands for one model.
    public func sizes(of style: String) -> [ModelSize: String] {
        if style.contains("/") || style.hasSuffix(Self.modelEnding) || file(style) != nil { return [:] }
        var paths: [ModelSize: String] = [:]
        for size in ModelSize.allCases { paths[size] = file("\(style)-\(size.rawValue)") }
        return paths
    }

    /// The path of a network that the program needs for something else than painting.
    ///
    /// - Parameter name: Its file in one of the folders, without its ending, such as `seeing/yunet-n`.
    /// - Returns: The path.
    /// - Throws: ``PaintingError`` naming the folders that were looked in.
    public func path(ofNetwork name: String) throws(PaintingError) -> String {
        if let path = file(name) { return path }
        throw PaintingError(
            "there is no file \(name).safetensors in \(folders.joined(separator: ", ")); it belongs to the program")
    }

    /// A network of the program's own; nil when it is missing, damaged or something else.
    func network(_ name: String, _ isFit: (ModelFile) -> Bool) -> ModelFile? {
        guard let path = try? path(ofNetwork: name), let model = try? ModelFile(path: path) else { return nil }
        return isFit(model) ? model : nil
    }

    /// The first file of that name.
    func file(_ name: String) -> String? {
        folders.map { "\($0)/\(name)\(Self.modelEnding)" }.first { access($0, R_OK) == 0 }
    }

    /// All model files in the folders, by name; where two have the same name the first found counts.
    public func models() -> [(name: String, path: String)] { names(below: "", ending: Self.modelEnding) }

    /// The files with that ending in a folder of each of the folders, by name.
    func names(below: String, ending: String) -> [(name: String, path: String)] {
        var found: [String: String] = [:]
        for folder in folders.map({ $0 + below }) {
            for file in (try? Folder.names(in: folder)) ?? [] where file.hasSuffix(ending) {
                let name = String(file.dropLast(ending.utf8.count))
                if found[name] == nil { found[name] = "\(folder)/\(file)" }
            }
        }
        return found.sorted { $0.key < $1.key }.map { (name: $0.key, path: $0.value) }
    }

    private static var programFolder: String {
        guard let program = realpath("/proc/self/exe", nil) else { return "" }
        defer { free(program) }
        return parent(of: String(cString: program))
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
