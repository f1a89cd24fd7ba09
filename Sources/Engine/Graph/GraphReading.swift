extension Graph {
    struct Failure: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// Reads the graph from the text in a model file's metadata and checks that it is sound: every index exists, every
    /// tensor is written once and before it is read, shapes agree, and nothing exceeds ``Limits``.
    init(parsing text: String) throws(Failure) {
        let root: JSON
        do {
            root = try JSON(parsing: Array(text.utf8))
        } catch {
            throw Failure("its graph is not valid JSON at byte \(error.offset): \(error.reason)")
        }
        func string(_ key: String) throws(Failure) -> String {
            guard let value = root[key]?.string else { throw Failure("its graph has no '\(key)'") }
            return value
        }
        guard let sideMultiple = root["side_multiple"]?.integer, (1...1024).contains(sideMultiple) else {
            throw Failure("its graph has no 'side_multiple' between 1 and 1024")
        }
        guard let tensors = root["tensors"]?.array, let layers = root["layers"]?.array else {
            throw Failure("its graph has no 'tensors' and 'layers'")
        }
        guard (1...Limits.layers).contains(layers.count), tensors.count == layers.count + 1 else {
            throw Failure(
                "its graph has \(layers.count) layers and \(tensors.count) tensors; each layer writes one tensor")
        }
        self.init(
            name: try string("name"), style: try string("style"), title: try string("title"),
            licence: try string("licence"), sideMultiple: sideMultiple, tensors: [], layers: [])
        for tensor in tensors {
            guard let name = tensor["name"]?.string, let channels = tensor["channels"]?.integer,
                (1...Limits.channels).contains(channels)
            else { throw Failure("its graph has a tensor without a name or with an impossible number of channels") }
            let type = tensor["type"].map { $0.string ?? "none" } ?? "int8"
            guard ["int8", "float32"].contains(type) else {
                throw Failure("its tensor '\(name)' is neither of int8 nor of float32")
            }
            self.tensors.append(Tensor(name: name, channels: channels, isReal: type == "float32"))
        }
        for layer in layers { self.layers.append(try Self.layer(layer, tensorCount: tensors.count)) }
        statedInputs = try Self.ports(root, "inputs", tensorCount: tensors.count)
        statedOutputs = try Self.ports(root, "outputs", tensorCount: tensors.count)
        try checkOrder()
        try checkPorts()
    }

    /// What goes in or comes out by name; nil where the file says nothing.
    private static func ports(_ root: JSON, _ key: String, tensorCount: Int) throws(Failure) -> [Port]? {
        guard let stated = root[key] else { return nil }
        guard let items = stated.array, (1...Limits.outputs).contains(items.count) else {
            throw Failure("its graph has '\(key)' that are no list of 1 to \(Limits.outputs)")
        }
        var ports: [Port] = []
        for item in items {
            guard let name = item["name"]?.string, !name.isEmpty, !ports.contains(where: { $0.name == name }) else {
                throw Failure("its graph has '\(key)' without names, or with the same name twice")
            }
            guard let tensor = item["tensor"]?.integer, (0..<tensorCount).contains(tensor),
                !ports.contains(where: { $0.tensor == tensor })
            else {
                throw Failure("its '\(name)' among the \(key) names a tensor that does not exist, or a second time")
            }
            ports.append(Port(name: name, tensor: tensor))
        }
        return ports
    }

    private func checkPorts() throws(Failure) {
        guard inputs.count == 1, inputs[0].tensor == 0 else {
            throw Failure("its input is not its first tensor, and one input is supported")
        }
        // Every other tensor is written by a layer, as there are as many layers as those.
        guard outputs.allSatisfy({ $0.tensor != 0 }) else { throw Failure("its input is one of its outputs") }
        guard statedOutputs != nil || layers[layers.count - 1].output == tensors.count - 1 else {
            throw Failure("its last layer does not write the last tensor")
        }
    }

    private static func layer(_ value: JSON, tensorCount: Int) throws(Failure) -> Layer {
        let text = try LayerText(value, tensorCount: tensorCount)
        let name = text.name
        let kind = try text.kind()
        let kernel = try text.numbers("kernel", 2, 1...Limits.kernel)
        let stride = try text.numbers("stride", 2, 1...Limits.stride)
        let padding = try text.numbers("padding", 4, 0...Limits.kernel - 1)
        guard padding[0] < kernel[0], padding[2] < kernel[0], padding[1] < kernel[1], padding[3] < kernel[1] else {
            throw Failure("its layer '\(name)' pads by more than its kernel")
        }
        var layer = Layer(
            name: name, kind: kind, input: try text.tensor("input"), output: try text.tensor("output"),
            residual: text.states("residual") ? try text.tensor("residual") : nil,
            kernel: Extent(height: kernel[0], width: kernel[1]), stride: Extent(height: stride[0], width: stride[1]),
            padding: Padding(top: padding[0], left: padding[1], bottom: padding[2], right: padding[3]),
            rowGroups: try text.number("row_groups", 1, 1...Limits.rowGroups), border: try text.choice("border", .zero))
        for other in Kind.allCases where other != kind {
            guard !other.type.keys.contains(where: { text.states($0) && !kind.type.keys.contains($0) }) else {
                throw Failure("its layer '\(name)' has what only \(other.rawValue) layers have")
            }
        }
        try kind.type.read(text, into: &layer)
        return layer
    }

    private func checkOrder() throws(Failure) {
        guard !tensors[0].isReal else { throw Failure("its input is of float32 numbers") }
        var written = [Bool](repeating: false, count: tensors.count)
        written[0] = true
        var names: Set<String> = []
        for layer in layers {
            guard names.insert(layer.name).inserted else { throw Failure("it has two layers called '\(layer.name)'") }
            guard written[layer.input], layer.residual.map({ written[$0] }) ?? true else {
                throw Failure("its layer '\(layer.name)' reads a tensor before it is written")
            }
            guard !written[layer.output] else {
                throw Failure("its layer '\(layer.name)' writes a tensor a second time")
            }
            written[layer.output] = true
            if let residual = layer.residual, tensors[residual].channels != tensors[layer.output].channels {
                throw Failure("its layer '\(layer.name)' adds a tensor with another number of channels")
            }
            guard !tensors.indices.contains(where: { tensors[$0].isReal && layer.reads($0) }) else {
                throw Failure("its layer '\(layer.name)' reads float32 numbers, which can only leave the network")
            }
            try checkKind(of: layer)
            try layer.kind.type.check(layer, in: self, written: written)
            try checkBorder(of: layer)
        }
    }

    /// Checks that a layer has nothing that its kind has not.
    private func checkKind(of layer: Layer) throws(Failure) {
        let kind = layer.kind.type
        func refusal(_ reason: String) -> Failure {
            Failure("its \(layer.kind.rawValue) layer '\(layer.name)' \(reason)")
        }
        guard kind.changesChannels || tensors[layer.input].channels == tensors[layer.output].channels else {
            throw refusal("changes the number of channels")
        }
        guard kind.changesChannels || layer.rowGroups == 1 else { throw refusal("changes the number of channels") }
        guard layer.border != .lowest || layer.kind == .maxPool else { throw refusal("pads with the smallest value") }
        let makesReals = tensors[layer.output].isReal
        guard !makesReals || kind.makesReals && layer.residual == nil && layer.rowGroups == 1 else {
            throw refusal("makes float32 numbers")
        }
        let one = Extent(height: 1, width: 1)
        guard kind.hasWindow || layer.kernel == one && layer.stride == one else { throw refusal("has a window") }
        guard kind.takesResidual || layer.residual == nil else { throw refusal("adds a tensor") }
    }

    /// A tensor has one border in memory.
    private func checkBorder(of layer: Layer) throws(Failure) {
        let isMixed = layers.contains { other in
            other.input == layer.input && other.border != layer.border && other.isPadded && layer.isPadded
        }
        guard !isMixed else { throw Failure("its tensor '\(tensors[layer.input].name)' is padded in two ways") }
    }
}

extension Graph.Layer {
    /// Whether its window sees anything outside its input.
    var isPadded: Bool { padding != Graph.Padding(top: 0, left: 0, bottom: 0, right: 0) }
}
