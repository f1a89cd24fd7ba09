import ArgumentParser
import Engine
import Glibc
import Painting

/// The choices that every command which runs a network shares.
struct EngineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The style: a model's name, or the path of a .safetensors file ('animesnap model list' shows what is there).",
            valueName: "name|file"))
    var model = "cel"

    @Option(help: ArgumentHelp("Threads that compute, 1 to 64 (default: one per core).", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Kernels to use instead of the fastest ones this processor runs; ANIMESNAP_ISA does the same.",
            valueName: "name"))
    var isa: String?

    @Option(
        help: ArgumentHelp(
            "Rows of the picture per strip: fewer take less memory, as many as the picture has run layer by layer.",
            valueName: "n"))
    var stripRows: Int?

    @Option(
        help: ArgumentHelp(
            "The most megabytes that the network may take; a picture that needs more is refused beforehand.",
            valueName: "mb"))
    var memoryLimit: Int?

    func validate() throws {
        if let threads, !(1...64).contains(threads) {
            throw ValidationError("--threads is \(threads); 1 to 64 are possible")
        }
        if let stripRows, stripRows < 1 { throw ValidationError("--strip-rows is \(stripRows); 1 or more is possible") }
        if let memoryLimit, !(1...65_536).contains(memoryLimit) {
            throw ValidationError("--memory-limit is \(memoryLimit); 1 to 65536 megabytes are possible")
        }
    }

    func openModel() throws -> ModelFile { try ModelFile(path: ModelLibrary.standard.path(of: model)) }

    func instructionSet() throws -> InstructionSet {
        if let isa { return try InstructionSet.named(isa) }
        if let name = getenv("ANIMESNAP_ISA"), name.pointee != 0 { return try InstructionSet.named(String(cString: name)) }
        return .best
    }

    var threadCount: Int { threads ?? min(64, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    var memoryLimitBytes: Int? { memoryLimit.map { $0 << 20 } }
}

/// The longest side that the network sees, or `full`.
struct SizeOption: ExpressibleByArgument, Equatable {
    let size: Painter.Size

    init(size: Painter.Size) { self.size = size }

    init?(argument: String) {
        if argument == "full" {
            size = .full
        } else if let side = Int(argument), (16...32_768).contains(side) {
            size = .longestSide(side)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch size {
        case .full: "full"
        case .longestSide(let side): "\(side)"
        }
    }
}
