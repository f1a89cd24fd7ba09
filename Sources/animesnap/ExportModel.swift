import ArgumentParser
import Engine
import ModelTools
import Painting
import Platform

struct ExportModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a model file as an 8-bit ONNX network.",
        discussion: """
            ONNX Runtime and others that read ONNX's QDQ form make of it what this
            program makes of the model. It takes float32 numbers, 1 x 3 x height x width,
            red, green and blue in the range that the network was made for, and gives
            each output as numbers too; sides are multiples of what 'inspect' tells.
            The terms of the weights stay what they are, and go with them.

            Sums are written so that every runtime makes the same of them, in float32.
            --fused has ONNX Runtime compute with integers, which is faster; on x86
            processors without VNNI set its session.x64quantprecision to 1 then.

              animesnap model export cute-m cute-m.onnx
            """
    )

    @Argument(help: ArgumentHelp("A model's name or a .safetensors file.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("The ONNX file.", valueName: "net"))
    var network: String

    @Flag(help: "Write convolutions so that runtimes compute them with integers.")
    var fused = false

    func validate() throws {
        guard network.hasSuffix(".onnx") else {
            throw ValidationError("the ONNX file is called '\(network)'; its name must end in .onnx")
        }
    }

    func run() throws {
        let model = try ModelFile(path: ModelLibrary.standard.path(of: file))
        let bytes = try OnnxExport.write(model, as: fused ? .fused : .exact)
        let target = try AtomicFile(path: network)
        try target.write(bytes.span)
        try target.commit()
        let outputs = model.graph.outputs.map(\.name).joined(separator: ", ")
        print("\(network): \(bytes.count) bytes, makes \(outputs); \(model.graph.licence)")
    }
}
