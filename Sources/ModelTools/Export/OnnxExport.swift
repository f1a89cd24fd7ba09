import Engine
import SwiftProtobuf

/// Writes a model file as an 8-bit ONNX network in the form that runtimes call QDQ.
///
/// In a model file the scale of every input channel is a part of the weights, so that the engine's bytes need no scale of
/// their own inside the network: they are written as whole numbers with a scale of 1, and a convolution of whole numbers is
/// exact in float32 as in integers. What is made of its sums is the engine's arithmetic, operation for operation, so that
/// the bytes are the engine's, whatever a runtime's order of additions.
///
/// A tensor that a layer pads is read with a zero point, so that zeros around it are the bytes that the engine pads with; the
/// bias of who reads it makes up for that, exactly. Bytes are unsigned, as runtimes on x86 like them.
public struct OnnxExport {
    /// How convolutions are written.
    public enum Form: Sendable {
        /// Sums of whole numbers, then the scale: the engine's bytes everywhere.
        case exact
        /// Scales in the weights, where nothing is added to the sums: ONNX Runtime fuses these into integer convolutions. They
        /// are the engine's integers too, except on x86 processors without VNNI, whose sums of 16 bits may overflow.
        case fused
    }

    let model: ModelFile
    let graph: Graph
    let contents: ModelContents
    let form: Form
    var draft: OnnxDraft
    /// The names of each tensor's bytes.
    private var stored: [String?]
    /// The names of each tensor's numbers q, and of q - zero point.
    private var known: [[Bool: String]]

    private init(_ model: ModelFile, _ form: Form) throws(ImportError) {
        self.model = model
        self.form = form
        graph = model.graph
        do throws(ModelFileError) {
            contents = try ModelContents(of: model)
        } catch {
            throw ImportError(error.description)
        }
        func ports(_ ports: [Graph.Port]) -> [(name: String, channels: Int)] {
            ports.map { (name: $0.name, channels: model.graph.tensors[$0.tensor].channels) }
        }
        draft = OnnxDraft(name: graph.name, inputs: ports(graph.inputs), outputs: ports(graph.outputs))
        stored = [String?](repeating: nil, count: graph.tensors.count)
        known = [[Bool: String]](repeating: [:], count: graph.tensors.count)
    }

    /// The bytes of an ONNX file that computes what `model` computes: float32, RGB, 1 x 3 x height x width in the network's
    /// own range goes in. Title, terms and style are in its metadata. Throws `ImportError` when the model has a layer that
    /// has no form in ONNX's 8-bit operators.
    public static func write(_ model: ModelFile, as form: Form = .exact) throws(ImportError) -> [UInt8] {
        var export = try OnnxExport(model, form)
        do throws(ImportError) {
            export.addDoor()
            for layer in model.graph.layers { try export.add(layer) }
            for index in model.graph.outputs.indices { export.addOutput(index) }
        } catch {
            throw ImportError("\(model.graph.name) cannot be written as ONNX: \(error)")
        }
        return try export.finished()
    }

    private func finished() throws(ImportError) -> [UInt8] {
        var file = Onnx_ModelProto()
        file.irVersion = 7
        file.producerName = "animesnap"
        file.graph = draft.graph
        var operators = Onnx_OperatorSetIdProto()
        operators.version = OnnxDraft.operatorVersion
        file.opsetImport = [operators]
        let properties = [
            ("title", graph.title), ("licence", graph.licence), ("style", graph.style),
            ("side_multiple", "\(graph.sideMultiple)"), ("input_range", "\(range.lowerBound)..\(range.upperBound)"),
            ("checksum", model.checksum),
        ]
        file.metadataProps = properties.map { key, value in
            var entry = Onnx_StringStringEntryProto()
            entry.key = key
            entry.value = value
            return entry
        }
        do {
            return try file.serializedBytes()
        } catch {
            throw ImportError("\(graph.name) cannot be written as ONNX: it is too large for one file")
        }
    }

    // MARK: Tensors

    func channels(_ tensor: Int) -> Int { graph.tensors[tensor].channels }

    /// The name of the tensor's bytes.
    func bytes(_ tensor: Int) throws(ImportError) -> String {
        guard let name = stored[tensor] else {
            throw ImportError("'\(graph.tensors[tensor].name)' is read as bytes and made of float32 numbers")
        }
        return name
    }

    /// Says under which name the tensor's bytes are made.
    mutating func store(_ tensor: Int, _ name: String) { stored[tensor] = name }

    /// The name of the tensor's numbers: q as the engine has it, or less what it is padded with.
    mutating func numbers(_ tensor: Int, lessZero: Bool = false) throws(ImportError) -> String {
        let zeros = lessZero ? model.zeroPoints[tensor] : [0]
        let isMoved = zeros.contains { $0 != 0 }
        if let name = known[tensor][isMoved] { return name }
        let name = draft.node(
            "DequantizeLinear", try [bytes(tensor)] + meaning(graph.tensors[tensor].name, zeros),
            graph.tensors[tensor].name, isPerChannel(zeros) ? [("axis", .integer(1))] : [])
        known[tensor][isMoved] = name
        return name
    }

    /// Adds the rounding of `value`, which is q, to the tensor's bytes.
    mutating func quantize(_ value: String, _ tensor: Int) {
        stored[tensor] = draft.node(
            "QuantizeLinear", [value] + meaning("", [0]), "\(graph.tensors[tensor].name).q")
    }

    /// A scale of 1 and the zero points, of all channels or of each; stored bytes are 128 larger than q.
    private mutating func meaning(_ name: String, _ zeros: [Int8]) -> [String] {
        let bytes = zeros.map { UInt8(bitPattern: $0) ^ 0x80 }
        guard isPerChannel(zeros) else { return [draft.scalar(1), draft.zero(bytes[0])] }
        return [
            draft.floats("\(name).scale", [bytes.count], [Float](repeating: 1, count: bytes.count)),
            draft.bytes("\(name).zero", [bytes.count], bytes),
        ]
    }

    func isPerChannel(_ zeros: [Int8]) -> Bool { zeros.contains { $0 != zeros[0] } }

    // MARK: Doors

    /// How far a step of the picture's samples is to the network, and what its black is.
    private var door: (scale: Float, black: Float) {
        let scale = contents.inputScale ?? 1 / 127.5
        // A file tells the zero points, rounded, of what is padded; 0 is that of a range whose ends are as far from 0.
        let isPadded = graph.layers.contains { $0.input == 0 && readsZeros($0) }
        if abs(scale * 127.5 - 1) < 1e-3 || isPadded && model.zeroPoints[0].allSatisfy({ $0 == 0 }) {
            return (scale, -127.5 * scale)
        }
        return (scale, isPadded ? scale * (-128 - Float(model.zeroPoints[0][0])) : 0)
    }

    /// What samples from 0 to 255 stand for.
    private var range: ClosedRange<Float> {
        // The scale is a rounded quotient by 255.
        func tidy(_ number: Float) -> Float { (number * 1e4).rounded() / 1e4 }
        let (scale, black) = door
        return tidy(black)...tidy(black + 255 * scale)
    }

    /// The picture becomes the samples that it was.
    private mutating func addDoor() {
        let port = graph.inputs[0]
        let range = range
        let span = range.upperBound - range.lowerBound
        var picture = port.name
        if span != 255 { picture = draft.node("Mul", [picture, draft.scalar(255 / span)], "\(port.name).steps") }
        if range.lowerBound != 0 {
            let black = draft.scalar(255 * range.lowerBound / span)
            picture = draft.node("Sub", [picture, black], "\(port.name).samples")
        }
        store(0, draft.node("QuantizeLinear", [picture, draft.scalar(1), draft.zero(0)], "\(port.name).q"))
    }

    private mutating func addOutput(_ index: Int) {
        let port = graph.outputs[index]
        // Sums of a convolution have left under their name already.
        guard let bytes = stored[port.tensor] else { return }
        let meaning = model.quantization(ofOutput: index)
        // In samples, which are 128 larger.
        let zeros = meaning.zeroPoint.map { $0 + 128 }
        let isWhole = zeros.allSatisfy { $0.rounded() == $0 && (0...255).contains($0) }
        let points = zeros.map { isWhole ? UInt8($0) : 0 }
        let isEven = (zip(meaning.scale, points)).allSatisfy { $0 == meaning.scale[0] && $1 == points[0] }
        let quantization =
            isEven
            ? [draft.scalar(meaning.scale[0]), draft.zero(points[0])]
            : [
                draft.floats("\(port.name).scale", [points.count], meaning.scale),
                draft.bytes("\(port.name).zero", [points.count], points),
            ]
        let whole = draft.node(
            "DequantizeLinear", [bytes] + quantization, "\(port.name).whole", output: isWhole ? port.name : nil,
            isEven ? [] : [("axis", .integer(1))])
        guard !isWhole else { return }
        let offsets = zip(meaning.scale, zeros).map { -$0 * $1 }
        draft.node("Add", [whole, draft.perChannel("\(port.name).offset", offsets)], port.name, output: port.name)
    }
}
