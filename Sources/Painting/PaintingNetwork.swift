import Engine

/// A network that paints: RGB goes in, and the first thing that comes out is an RGB picture of `scale` times the size.
///
/// The engine runs networks of any inputs and outputs; this is where it is seen whether one can paint.
public struct PaintingNetwork: Sendable {
    /// The model.
    public let model: ModelFile
    /// How many times as wide and as high as what the network sees the picture is: 1 or 2.
    public let scale: Int
    /// Whether it underpaints: it doubles, and its second output tells of each pixel that it sees what it is, see
    /// ``UnderpaintedField``; the picture is drawn of both.
    public let underpaints: Bool

    /// The largest scale that a painting network may have.
    public static let largestScale = 2

    /// Looks at what goes in and what comes out.
    ///
    /// - Throws: ``PaintingError`` when the model is no painting network.
    public init(_ model: ModelFile) throws(PaintingError) {
        let graph = model.graph
        func refusal(_ reason: String) -> PaintingError {
            PaintingError("\(model.path) is not a network that paints: \(reason)")
        }
        guard let input = graph.inputs.first, let output = graph.outputs.first,
            graph.tensors[input.tensor].channels == 3, graph.tensors[output.tensor].channels == 3,
            !graph.tensors[output.tensor].isReal
        else { throw refusal("its input and its first output are not both RGB of 8 bits") }
        // Several shapes tell a fixed proportion from a fixed size, odd multiples of what it takes among them.
        var scales: Set<Int> = []
        let least = max(1, 256 / graph.sideMultiple)
        for (down, across) in [(0, 0), (1, 2), (3, 5)] {
            let seen = Graph.Extent(
                height: (least + down) * graph.sideMultiple, width: (least + across) * graph.sideMultiple)
            let made: Graph.Extent
            do { made = try graph.sizes(for: seen)[output.tensor] } catch { throw refusal(error.description) }
            guard made.height % seen.height == 0, made.width % seen.width == 0,
                made.height / seen.height == made.width / seen.width,
                (1...Self.largestScale).contains(made.height / seen.height)
            else {
                throw refusal(
                    "of \(seen.width)x\(seen.height) it makes \(made.width)x\(made.height), and once or twice the size is "
                        + "possible")
            }
            scales.insert(made.height / seen.height)
        }
        guard let scale = scales.first, scales.count == 1 else { throw refusal("its proportions depend on the size") }
        self.model = model
        self.scale = scale
        underpaints = scale == 2 && Self.hasFields(graph)
    }

    /// Whether there are fields of the size of what it sees.
    private static func hasFields(_ graph: Graph) -> Bool {
        guard graph.outputs.count == 2 else { return false }
        let (picture, fields) = (graph.tensors[graph.outputs[0].tensor], graph.tensors[graph.outputs[1].tensor])
        guard fields.channels == UnderpaintedField.count, !fields.isReal, picture.channels == 3,
            let sizes = try? graph.sizes(for: graph.square(of: 256)),
            sizes[graph.outputs[1].tensor] == graph.square(of: 256)
        else { return false }
        return true
    }
}
