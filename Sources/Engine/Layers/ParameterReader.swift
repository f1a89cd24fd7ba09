/// Finds the parameters of layers in a mapped file.
struct ParameterReader {
    typealias Failure = SafeTensors.Failure

    let bytes: UnsafeRawBufferPointer
    let container: SafeTensors
    let graph: Graph

    /// The zero points of each tensor, one per channel; zeros where the file gives none.
    func zeroPoints() throws(Failure) -> [[Int8]] {
        var result: [[Int8]] = []
        for value in graph.tensors {
            let name = "\(value.name).zero_point"
            if container.entries[name] == nil {
                result.append([Int8](repeating: 0, count: value.channels))
            } else {
                let points = try int8s(name, roundUp(value.channels, to: SafeTensors.alignment))
                result.append(Array(points.prefix(value.channels)))
            }
        }
        return result
    }

    /// What the samples of an output stand for; those of a picture, where the file does not tell.
    func quantization(of port: Graph.Port) throws(Failure) -> ModelFile.Quantization {
        let tensor = graph.tensors[port.tensor]
        let name = tensor.name
        guard container.entries["\(name).output_scale"] != nil else {
            return .init(
                scale: [Float](repeating: 1 / 127.5, count: tensor.channels),
                zeroPoint: [Float](repeating: -0.5, count: tensor.channels))
        }
        let entries = roundUp(tensor.channels, to: 16)
        return .init(
            scale: Array(try boundedFloats("\(name).output_scale", entries).prefix(tensor.channels)),
            zeroPoint: Array(try boundedFloats("\(name).output_zero", entries).prefix(tensor.channels)))
    }

    func int8s(_ name: String, _ count: Int) throws(Failure) -> UnsafeBufferPointer<Int8> {
        try tensor(name, .int8, count).bindMemory(to: Int8.self)
    }

    func int32s(_ name: String, _ count: Int) throws(Failure) -> UnsafeBufferPointer<Int32> {
        try tensor(name, .int32, count).bindMemory(to: Int32.self)
    }

    /// Any numbers.
    func float32s(_ name: String, _ count: Int) throws(Failure) -> UnsafeBufferPointer<Float> {
        try tensor(name, .float32, count).bindMemory(to: Float.self)
    }

    /// Numbers whose products and sums stay finite.
    func boundedFloats(_ name: String, _ count: Int) throws(Failure) -> UnsafeBufferPointer<Float> {
        let floats = try float32s(name, count)
        guard floats.allSatisfy({ $0.magnitude <= 1e9 }) else {
            throw Failure("its tensor '\(name)' holds a number beyond 10^9")
        }
        return floats
    }

    private func tensor(
        _ name: String, _ type: SafeTensors.ElementType, _ count: Int
    ) throws(Failure) -> UnsafeRawBufferPointer {
        guard let entry = container.entries[name] else { throw Failure("its tensor '\(name)' is missing") }
        guard entry.type == type, entry.count == count else {
            throw Failure(
                "its tensor '\(name)' has \(entry.count) elements of type \(entry.type.rawValue); "
                    + "the graph needs \(count) of type \(type.rawValue)")
        }
        return UnsafeRawBufferPointer(rebasing: bytes[entry.bytes])
    }
}

/// `value` rounded up to a multiple of `multiple`.
func roundUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
