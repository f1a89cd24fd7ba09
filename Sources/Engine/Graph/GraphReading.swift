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
            self.tensors.append(Tensor(name: name, channels: channels))
        }
        for layer in layers { self.layers.append(try Self.layer(layer, tensorCount: tensors.count)) }
        try checkOrder()
    }

    private static func layer(_ value: JSON, tensorCount: Int) throws(Failure) -> Layer {
        guard let name = value["name"]?.string else { throw Failure("its graph has a layer without a name") }
        guard let kindName = value["kind"]?.string, let kind = Kind(rawValue: kindName) else {
            throw Failure("its layer '\(name)' is of an unknown kind, '\(value["kind"]?.string ?? "none")'")
        }
        func numbers(_ key: String, _ count: Int, _ range: ClosedRange<Int>) throws(Failure) -> [Int] {
            guard let items = value[key]?.array, items.count == count else {
                throw Failure("its layer '\(name)' needs \(count) numbers in '\(key)'")
            }
            var numbers: [Int] = []
            for item in items {
                guard let number = item.integer, range.contains(number) else {
                    throw Failure(
                        "its layer '\(name)' has a number outside \(range.lowerBound) to \(range.upperBound) in '\(key)'"
                    )
                }
                numbers.append(number)
            }
            return numbers
        }
        func tensor(_ key: String) throws(Failure) -> Int {
            guard let index = value[key]?.integer, (0..<tensorCount).contains(index) else {
                throw Failure("its layer '\(name)' names an '\(key)' that does not exist")
            }
            return index
        }
        let kernel = try numbers("kernel", 2, 1...Limits.kernel)
        let stride = try numbers("stride", 2, 1...Limits.stride)
        let padding = try numbers("padding", 4, 0...Limits.kernel - 1)
        guard padding[0] < kernel[0], padding[2] < kernel[0], padding[1] < kernel[1], padding[3] < kernel[1] else {
            throw Failure("its layer '\(name)' pads by more than its kernel")
        }
        var rowGroups = 1
        if let groups = value["row_groups"] {
            guard let number = groups.integer, (1...Limits.rowGroups).contains(number) else {
                throw Failure("its layer '\(name)' has 'row_groups' outside 1 to \(Limits.rowGroups)")
            }
            rowGroups = number
        }
        func choice<Choice: RawRepresentable<String>>(_ key: String, _ standard: Choice) throws(Failure) -> Choice {
            guard let member = value[key] else { return standard }
            guard let text = member.string, let choice = Choice(rawValue: text) else {
                throw Failure("its layer '\(name)' has a '\(key)' that this version does not know")
            }
            return choice
        }
        var layer = Layer(
            name: name, kind: kind, input: try tensor("input"), output: try tensor("output"),
            residual: value["residual"] == nil ? nil : try tensor("residual"),
            kernel: Extent(height: kernel[0], width: kernel[1]), stride: Extent(height: stride[0], width: stride[1]),
            padding: Padding(top: padding[0], left: padding[1], bottom: padding[2], right: padding[3]),
            rowGroups: rowGroups, border: try choice("border", .zero),
            residualFirst: try choice("residual_order", ResidualOrder.last) == .first,
            coordinates: try choice("coordinates", .asymmetric))
        switch try choice("normalization", NormalizationName.none) {
        case .none: break
        case .layer: layer.normalization = .layer
        case .instance: layer.normalization = .instance
        case .adaptive: layer.normalization = .adaptive(reference: try tensor("reference"))
        }
        if kind == .resize { layer.factor = try numbers("factor", 1, 1...Limits.factor)[0] }
        return layer
    }

    private enum ResidualOrder: String { case first, last }
    private enum NormalizationName: String { case none, layer, instance, adaptive }

    private func checkOrder() throws(Failure) {
        guard tensors[0].channels == 3, tensors[tensors.count - 1].channels == 3 else {
            throw Failure("its first and last tensors are not RGB")
        }
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
            if layer.kind != .convolution {
                guard tensors[layer.input].channels == tensors[layer.output].channels, layer.rowGroups == 1 else {
                    throw Failure("its \(layer.kind.rawValue) layer '\(layer.name)' changes the number of channels")
                }
            }
            try checkPass(layer, written: written)
            let depth = layer.kernel.height * paddedSegment(of: layer)
            guard depth <= Limits.weightsPerChannel, groupChannels(of: layer) <= Limits.channels else {
                throw Failure("its layer '\(layer.name)' is larger than the engine takes")
            }
        }
        let counted = layers.filter { $0.kind == .attention }.reduce(0) { $0 + tensors[$1.input].channels }
        guard counted <= Limits.attentionChannels else {
            throw Failure(
                "its attention layers have \(counted) channels together; at most \(Limits.attentionChannels) are allowed"
            )
        }
        guard layers[layers.count - 1].output == tensors.count - 1 else {
            throw Failure("its last layer does not write the last tensor")
        }
    }

    /// Checks what only layers that are no convolutions have.
    private func checkPass(_ layer: Layer, written: [Bool]) throws(Failure) {
        if layer.kind.isSinglePixel || layer.kind == .resize {
            let one = Extent(height: 1, width: 1)
            guard layer.kernel == one, layer.stride == one else {
                throw Failure("its \(layer.kind.rawValue) layer '\(layer.name)' has a window")
            }
        }
        guard layer.kind == .pointwise || layer.normalization == nil && !layer.residualFirst else {
            throw Failure("its layer '\(layer.name)' has what only pointwise layers have")
        }
        guard layer.residual == nil || ![.resize, .attention, .lookup].contains(layer.kind) else {
            throw Failure("its \(layer.kind.rawValue) layer '\(layer.name)' adds a tensor")
        }
        if case .adaptive(let reference) = layer.normalization {
            guard written[reference], reference != layer.output,
                tensors[reference].channels == tensors[layer.input].channels
            else {
                throw Failure("its layer '\(layer.name)' is normalized by a tensor that does not suit it")
            }
        }
        // A tensor has one border in memory.
        let isMixed = layers.contains { other in
            other.input == layer.input && other.border != layer.border && other.isPadded && layer.isPadded
        }
        guard !isMixed else { throw Failure("its tensor '\(tensors[layer.input].name)' is padded in two ways") }
    }

    /// The bytes of one row of the window of a convolution, rounded up to groups of four.
    func paddedSegment(of layer: Layer) -> Int {
        (layer.kernel.width * tensors[layer.input].channels + 3) / 4 * 4
    }
}

extension Graph.Layer {
    /// Whether its window sees anything outside its input.
    var isPadded: Bool { padding != Graph.Padding(top: 0, left: 0, bottom: 0, right: 0) }
}
