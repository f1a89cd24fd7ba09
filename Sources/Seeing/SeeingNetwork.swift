import Engine

/// A network that sees RGB pictures of one size and says numbers about them, on the engine.
final class SeeingNetwork {
    /// An output: as many numbers for each of `side` x `side` places.
    struct Output {
        let count: Int
        var side = 1
    }

    private let executor: Executor
    /// By output of the network, which of the asked for ones it is.
    private let places: [Int?]
    private var numbers: [[Float]]

    /// Prepares a network.
    ///
    /// - Parameters:
    ///   - model: The network.
    ///   - task: What it must be for, such as "finds faces".
    ///   - pixels: The sides of what it sees.
    ///   - outputs: What it must make; each has another number of numbers.
    ///   - instructionSet: The kernels.
    ///   - threads: The threads that compute, 1...64.
    /// - Throws: ``SeeingError`` when it is no such network, `EngineError` when the memory or the threads are not to be had.
    init(
        _ model: ModelFile, thatMust task: String, pixels: Int, outputs: [Output], instructionSet: InstructionSet,
        threads: Int
    ) throws {
        let graph = model.graph
        func refusal(_ reason: String) -> SeeingError {
            SeeingError("\(model.path) is not a network that \(task): \(reason)")
        }
        guard let input = graph.inputs.first, graph.tensors[input.tensor].channels == 3 else {
            throw refusal("it does not take RGB")
        }
        let seen = Graph.Extent(height: pixels, width: pixels)
        let sizes: [Graph.Extent]
        do { sizes = try graph.sizes(for: seen) } catch { throw refusal(error.description) }
        var places = [Int?](repeating: nil, count: graph.outputs.count)
        for (index, wanted) in outputs.enumerated() {
            let found = graph.outputs.firstIndex { port in
                graph.tensors[port.tensor].channels == wanted.count
                    && sizes[port.tensor] == Graph.Extent(height: wanted.side, width: wanted.side)
            }
            guard let found else {
                let place = wanted.side == 1 ? "" : " for each of \(wanted.side)x\(wanted.side) places"
                throw refusal("it has no output of \(wanted.count) number\(wanted.count == 1 ? "" : "s")\(place)")
            }
            places[found] = index
        }
        self.places = places
        numbers = outputs.map { [Float](repeating: 0, count: $0.count * $0.side * $0.side) }
        executor = try Executor(
            model: model, plan: try Plan(graph: graph, picture: seen), instructionSet: instructionSet, threads: threads)
    }

    /// Runs the network on one picture.
    ///
    /// - Parameter readRow: Fills the row that it is given, 3 bytes a pixel, with row y of the picture.
    /// - Returns: The numbers of each output that was asked for, in that order, row by row.
    /// - Throws: `EngineError`.
    func run(readRow: (_ y: Int, _ row: inout MutableSpan<UInt8>) -> Void) throws -> [[Float]] {
        try executor.run(
            readRow: { y, row in readRow(y, &row) },
            writeNumbers: { output, y, row in
                guard let place = places[output] else { return }
                for x in row.indices { numbers[place][y * row.count + x] = row[x] }
            })
        return numbers
    }
}
