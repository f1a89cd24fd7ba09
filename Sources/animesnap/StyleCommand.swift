import ArgumentParser
import Engine
import Painting

struct StyleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "style",
        abstract: "Lists styles, and helps to write one.",
        subcommands: [ListStyles.self, PrintStyle.self, PrintStyleKeys.self])
}

struct ListStyles: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the styles that are found by name.")

    func run() throws {
        let library = ModelLibrary.standard
        var (unusable, networks, entries) = (0, Set<String>(), [String]())
        for (_, path) in library.styleFiles() {
            do {
                let (entry, models) = try Self.drawn(path, library)
                entries.append(entry)
                networks.formUnion(models)
            } catch {
                complain("\(error)")
                unusable += 1
            }
        }
        // A network that paints by itself says what its style is called.
        var styles: [String: [(name: String, model: ModelFile)]] = [:]
        for (name, path) in library.models() where !networks.contains(name) {
            do {
                let model = try ModelFile(path: path)
                styles[model.graph.style, default: []].append((name, model))
            } catch {
                complain("\(error)")
                unusable += 1
            }
        }
        for (style, models) in styles.sorted(by: { $0.key < $1.key }) {
            guard let first = models.first?.model else { continue }
            entries.append(
                """
                \(style)  \(first.graph.title)
                    painted by \(models.map(\.name).joined(separator: ", ")); \(first.graph.licence)
                    \(first.path)
                """)
        }
        for entry in entries { try tell(entry) }
        if unusable > 0 { throw ExitCode(1) }
        if entries.isEmpty {
            throw PaintingError("no styles were found in \(library.folders.joined(separator: ", "))")
        }
    }

    /// What there is to say of a drawn style, and the names of its models.
    private static func drawn(_ path: String, _ library: ModelLibrary) throws -> (entry: String, models: [String]) {
        let file = try StyleFile(path: path)
        let paths = try library.networks(of: file).map(\.path)
        var (models, refusal) = ([String](), nil as (any Error)?)
        for path in paths {
            do {
                try file.network(ModelFile(path: path))
                models.append(name(of: path))
            } catch { refusal = error }
        }
        if let refusal, models.isEmpty { throw refusal }
        let entry = """
            \(file.name)  \(file.title)
                drawn over \(models.joined(separator: ", ")); \(file.licence)
                \(path)
            """
        return (entry, models)
    }

    private static func name(of path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }
}

struct PrintStyle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Prints a drawn style with all its keys, as a begin for another.",
        discussion: """
            Write it to a file, change what you like, and paint with it:

              animesnap style print anime > own.json
              animesnap convert photo.jpg --style own.json

            In the folder 'models/styles' of the album it is a style of the camera from
            its next start on.
            """)

    @Argument(help: ArgumentHelp("A drawn style's name or its .json file.", valueName: "name|file"))
    var style: String

    @Option(
        name: .customLong("style-set"),
        help: ArgumentHelp("Changes a value, such as eyes=1.3; can be given several times.", valueName: "key=value"))
    var assignments: [String] = []

    func run() throws {
        let library = ModelLibrary.standard
        let path = library.styleFiles().first { $0.name == style }?.path
        guard let path = path ?? (style.hasSuffix(StyleFile.ending) ? style : nil) else {
            // What is wrong with the name, or else with the style.
            _ = try library.style(style)
            throw PaintingError("'\(style)' is no drawn style but a network")
        }
        var file = try StyleFile(path: path)
        try file.style.set(assignments)
        try tell(String(file.text.dropLast()))
    }
}

struct PrintStyleKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Prints what a style file can say: each key, its range, what it does.")

    @Flag(help: "Print a JSON Schema, which editors understand.")
    var schema = false

    func run() throws {
        try tell(String((schema ? StyleDocuments.schema : StyleDocuments.table).dropLast()))
    }
}
