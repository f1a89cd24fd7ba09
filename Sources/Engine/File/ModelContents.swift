/// The numbers of a model file by their names, for who writes the network in another form.
///
/// Nothing that paints needs it: a ``ModelFile`` keeps what the kernels read and forgets the names.
package struct ModelContents {
    private let container: SafeTensors
    private let model: ModelFile

    /// Reads the header of `model` again. Throws ``ModelFileError``.
    package init(of model: ModelFile) throws(ModelFileError) {
        self.model = model
        do throws(SafeTensors.Failure) {
            container = try SafeTensors(file: model.file.bytes)
        } catch {
            throw ModelFileError(path: model.path, reason: error.reason)
        }
    }

    /// The scale of the input: how far two neighbouring samples of a picture are apart to the network. Nil where the file
    /// does not tell.
    package var inputScale: Float? {
        guard let text = container.metadata["graph"], let graph = try? JSON(parsing: Array(text.utf8)),
            case .number(let scale)? = graph["tensors"]?.array?.first?["scale_min"]
        else { return nil }
        return Float(scale)
    }

    /// The float32 numbers of this name as they lie in the file; empty where there are none.
    package func floats(_ name: String) -> [Float] { numbers(name) }

    /// The numbers of this name and type as they lie in the file; empty where there are none.
    package func numbers<Number: BitwiseCopyable>(_ name: String, as type: Number.Type = Number.self) -> [Number] {
        guard let entry = container.entries[name], entry.type.byteCount == MemoryLayout<Number>.size else { return [] }
        let bytes = UnsafeRawBufferPointer(rebasing: model.file.bytes[entry.bytes])
        return Array(bytes.bindMemory(to: Number.self))
    }
}
