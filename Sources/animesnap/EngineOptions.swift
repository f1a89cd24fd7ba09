import Appliance
import ArgumentParser
import Booth
import Engine
import Glibc
import Painting

/// The choice of a model.
struct ModelOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The style: a model's name ('animesnap model list' shows them) or the path of a .safetensors file.",
            valueName: "name|file"))
    var model = "cel"

    func openModel() throws -> ModelFile { try ModelFile(path: ModelLibrary.standard.path(of: model)) }
}

extension ModelOption {
    /// The model; of a style that has several sizes the one that the camera on this board would paint with, or the middle
    /// one where its speed was never measured.
    ///
    /// - Throws: A sentence when there is no such model or it cannot be used.
    func openModelForThisBoard() throws -> ModelFile {
        let sizes = ModelLibrary.standard.sizes(of: model).sorted { $0.key < $1.key }
        let machine = Machine()
        // Settings of the camera that are wrong are the camera's to tell; a picture can be painted without them.
        guard sizes.count > 1, let settings = try? SettingsOptions.load(board: machine.model) else {
            return try openModel()
        }
        let rule = settings.sizeRule(speed: BoardSpeed(settings, machine).known)
        let models = sizes.compactMap { size, path in (try? ModelFile(path: path)).map { (size, $0) } }
        let options = settings.painterOptions
        let candidates = models.map { rule.candidate($0.0, $0.1.graph, options) }
        guard let index = rule.choice(among: candidates) else { return try openModel() }
        return models[index].1
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
