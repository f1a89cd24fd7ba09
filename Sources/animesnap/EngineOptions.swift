import Appliance
import ArgumentParser
import Booth
import Engine
import Glibc
import Painting

/// The choice of a style.
struct StyleOption: ParsableArguments {
    @Option(
        name: [.customLong("style"), .customLong("model")],
        help: ArgumentHelp(
            "The style: its name ('animesnap style list' shows them), a model's, or a style's .json or model's .safetensors file.",
            valueName: "name|file"))
    var name = ModelLibrary.standardStyle

    /// What paints, and the numbers of a drawn style.
    struct Opened {
        let model: ModelFile
        /// What results are called after.
        let name: String
        /// Nil for a network that paints by itself.
        let drawn: DrawnStyle?
    }

    /// The model that stands for the style where nothing is known of the board.
    ///
    /// - Throws: A sentence when there is no such style or it cannot be used.
    func openModel() throws -> ModelFile {
        let found = try ModelLibrary.standard.style(name)
        return try Self.open(found.standard, found)
    }

    /// The style; of one that has several sizes the one that the camera on this board would paint with, or the middle one
    /// where its speed was never measured.
    ///
    /// - Parameter assignments: What is changed in a drawn style, "eyes=1.3" each.
    /// - Returns: The style.
    /// - Throws: A sentence when there is no such style, it cannot be used, or it is not to be changed so.
    func openForThisBoard(changing assignments: [String]) throws -> Opened {
        let found = try ModelLibrary.standard.style(name)
        let model = try modelForThisBoard(found)
        let drawn = try drawn(found, model, assignments)
        return Opened(model: model, name: found.file?.name ?? model.graph.style, drawn: drawn)
    }

    private static func open(_ path: String, _ found: FoundStyle) throws -> ModelFile {
        let model = try ModelFile(path: path)
        try found.file?.network(model)
        return model
    }

    private func modelForThisBoard(_ found: FoundStyle) throws -> ModelFile {
        let machine = Machine()
        // Settings of the camera that are wrong are the camera's to tell; a picture can be painted without them.
        guard found.models.count > 1, let settings = try? SettingsOptions.load(board: machine.model) else {
            return try Self.open(found.standard, found)
        }
        let rule = settings.sizeRule(speed: BoardSpeed(settings, machine).known)
        let models = found.models.compactMap { size, path in (try? Self.open(path, found)).map { (size, $0) } }
        let options = settings.painterOptions
        let candidates = models.map { rule.candidate($0.0, $0.1.graph, options) }
        guard let index = rule.choice(among: candidates) else { return try Self.open(found.standard, found) }
        return models[index].1
    }

    /// The numbers of a drawn style; of a network that underpaints and was named itself, the standard ones.
    private func drawn(
        _ found: FoundStyle, _ model: ModelFile, _ assignments: [String]
    ) throws(PaintingError) -> DrawnStyle? {
        guard !assignments.isEmpty else { return found.file?.style }
        let standard = try PaintingNetwork(model).underpaints ? DrawnStyle() : nil
        guard var drawn = found.file?.style ?? standard else {
            throw PaintingError("--style-set changes drawn styles, and '\(name)' is a network that paints by itself")
        }
        let network = drawn.network
        do throws(PaintingError) { try drawn.set(assignments) } catch { throw PaintingError("--style-set: \(error)") }
        guard drawn.network == network else {
            throw PaintingError("--style-set cannot change the network; that takes a style file of its own")
        }
        return drawn
    }
}

/// How a network is run; the result is the same either way.
struct KernelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Threads that compute, 1 to 64. (default: one per core)", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Kernels to use instead of this processor's fastest, such as 'reference'; ANIMESNAP_ISA does the same.",
            valueName: "name"))
    var isa: String?

    func validate() throws {
        if let threads, !(1...64).contains(threads) {
            throw ValidationError("--threads is \(threads); 1 to 64 are possible")
        }
    }

    func instructionSet() throws -> InstructionSet {
        if let isa { return try InstructionSet.named(isa) }
        let variable = getenv("ANIMESNAP_ISA").map { String(cString: $0) } ?? ""
        return try variable.isEmpty ? .best : InstructionSet.named(variable)
    }

    var threadCount: Int { threads ?? min(64, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

/// How much memory a network takes.
struct MemoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Rows of the picture that are worked on at a time: fewer take less memory, more save a little time.",
            valueName: "n"))
    var stripRows: Int?

    @Option(
        help: ArgumentHelp(
            "The most megabytes that the network's work may take; a picture that needs more is refused at once.",
            valueName: "mb"))
    var memoryLimit: Int?

    func validate() throws {
        if let stripRows, stripRows < 1 { throw ValidationError("--strip-rows is \(stripRows); 1 or more is possible") }
        if let memoryLimit, !(1...65_536).contains(memoryLimit) {
            throw ValidationError("--memory-limit is \(memoryLimit); 1 to 65536 megabytes are possible")
        }
    }

    var limitBytes: Int? { memoryLimit.map { $0 << 20 } }
}
