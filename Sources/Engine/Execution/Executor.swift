import CKernels

/// Runs one model on pictures of one size: all memory and all threads exist before the first picture, and nothing is
/// allocated per picture.
///
/// An executor is used by one task at a time. The bytes it makes do not depend on the instruction set, the number of
/// threads or the strip.
public final class Executor {
    /// The plan it follows.
    public let plan: Plan
    /// The kernels it uses.
    public let instructionSet: InstructionSet
    /// The threads that compute, the calling one included.
    public let threadCount: Int

    private let pool: ThreadPool
    private let outputs: [Outgoing]
    /// Where a picture stands that is made piece by piece.
    private var nextStep = 0
    /// Where samples become numbers.
    private let reals: UnsafeMutableBufferPointer<Float>

    private struct Outgoing {
        let isReal: Bool
        let channels: Int
        let quantization: ModelFile.Quantization
    }

    /// Prepares the execution of `model` by `plan`.
    ///
    /// - Parameters:
    ///   - model: The model that the plan was made for.
    ///   - plan: Made from the same model's graph.
    ///   - instructionSet: The kernels to use.
    ///   - threads: How many threads compute, 1...64, the calling one included.
    /// - Throws: ``EngineError`` when the system cannot give the memory or the threads.
    public init(
        model: ModelFile, plan: Plan, instructionSet: InstructionSet = .best, threads: Int = 1
    ) throws(EngineError) {
        guard (1...64).contains(threads) else {
            throw EngineError("the number of threads is \(threads); 1 to 64 are possible")
        }
        self.plan = plan
        self.instructionSet = instructionSet
        self.threadCount = threads
        let graph = model.graph
        outputs = graph.outputs.indices.map { index in
            let tensor = graph.tensors[graph.outputs[index].tensor]
            return Outgoing(
                isReal: tensor.isReal, channels: tensor.channels, quantization: model.quantization(ofOutput: index))
        }
        let job = try PictureJob(
            model: model, plan: plan, kernels: instructionSet.kernels, threadCount: threads)
        pool = try ThreadPool(job: job, threadCount: threads)
        reals = .allocate(
            capacity: graph.outputs.map { plan.rings[$0.tensor].size.width * graph.tensors[$0.tensor].channels }.max()
                ?? 0)
        reals.initialize(repeating: 0)
    }

    deinit {
        pool.dismiss()
        reals.deallocate()
    }

    /// Runs the network on one picture and takes its first output, as a network that paints has it.
    ///
    /// - Parameters:
    ///   - readRow: Fills the row it is given with row y of the input: see ``run(readRow:writeOutput:)``.
    ///   - writeRow: Takes row y of the first output; the span is valid during the call only.
    /// - Throws: What `readRow` or `writeRow` throws; the picture is then abandoned and the executor can be used again.
    public func run(
        readRow: (_ y: Int, _ row: inout MutableSpan<UInt8>) throws -> Void,
        writeRow: (_ y: Int, _ row: Span<UInt8>) throws -> Void
    ) throws {
        try run(readRow: readRow, writeOutput: { output, y, row in if output == 0 { try writeRow(y, row) } })
    }

    /// Runs the network on one picture.
    ///
    /// Rows come in and go out while the network runs, those of the input and of each output in order from top to bottom.
    /// A row holds its pixels' samples without gaps, a byte per channel: of the input, `plan.picture.width` pixels; of an
    /// output, as many pixels as its tensor in `plan.rings` has columns. What the samples of an output mean is told by
    /// ``ModelFile/quantization(ofOutput:)``. Of an output of float32 numbers a row holds their four bytes each.
    ///
    /// - Parameters:
    ///   - readRow: Fills the row it is given with row y of the input.
    ///   - writeOutput: Takes row y of an output, which is given by its index in the graph's outputs; the span is valid
    ///     during the call only.
    /// - Throws: What `readRow` or `writeOutput` throws; the picture is then abandoned and the executor can be used again.
    public func run(
        readRow: (_ y: Int, _ row: inout MutableSpan<UInt8>) throws -> Void,
        writeOutput: (_ output: Int, _ y: Int, _ row: Span<UInt8>) throws -> Void
    ) throws {
        start()
        while try advance(readRow: readRow, writeOutput: writeOutput) {}
    }

    /// Begins a picture that ``advance(readRow:writeOutput:)`` makes piece by piece; one that was begun is abandoned.
    public func start() { nextStep = 0 }

    /// Runs the network until the next rows of an output have gone out, so that networks can be chained: what one makes
    /// the next one reads.
    ///
    /// - Parameters:
    ///   - readRow: Fills the row it is given with row y of the input: see ``run(readRow:writeOutput:)``.
    ///   - writeOutput: Takes row y of an output: see ``run(readRow:writeOutput:)``. It is called for several rows of one
    ///     output.
    /// - Returns: Whether rows went out; false when the picture was complete already.
    /// - Throws: What `readRow` or `writeOutput` throws; the picture is then abandoned and ``start()`` begins another.
    public func advance<Failure: Error>(
        readRow: (_ y: Int, _ row: inout MutableSpan<UInt8>) throws(Failure) -> Void,
        writeOutput: (_ output: Int, _ y: Int, _ row: Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        guard nextStep < pool.stepCount else { return false }
        let first = nextStep
        // Until it is known how this ends, the picture counts as abandoned.
        nextStep = pool.stepCount
        nextStep = try pool.lead(
            from: first,
            readInput: { (y, row) throws(Failure) in
                var span = MutableSpan(_unsafeElements: row)
                try readRow(y, &span)
            },
            writeOutput: { (output, y, row) throws(Failure) in
                try writeOutput(output, y, Span(_unsafeElements: row))
            })
        return true
    }

    /// Runs the network on one picture and takes all outputs as the numbers that they stand for.
    ///
    /// - Parameters:
    ///   - readRow: Fills the row it is given with row y of the input: see ``run(readRow:writeOutput:)``.
    ///   - writeNumbers: Takes row y of an output, which is given by its index in the graph's outputs; the span is valid
    ///     during the call only.
    /// - Throws: What `readRow` or `writeNumbers` throws; the picture is then abandoned and the executor can be used again.
    public func run(
        readRow: (_ y: Int, _ row: inout MutableSpan<UInt8>) throws -> Void,
        writeNumbers: (_ output: Int, _ y: Int, _ row: Span<Float>) throws -> Void
    ) throws {
        try run(
            readRow: readRow,
            writeOutput: { index, y, row in
                let output = outputs[index]
                if output.isReal {
                    return try row.withUnsafeBufferPointer { bytes in
                        let numbers = UnsafeRawBufferPointer(bytes).assumingMemoryBound(to: Float.self)
                        try writeNumbers(index, y, Span(_unsafeElements: numbers))
                    }
                }
                var channel = 0
                for at in row.indices {
                    reals[at] = output.quantization.real(row[at], channel: channel)
                    channel = channel + 1 == output.channels ? 0 : channel + 1
                }
                let numbers = UnsafeBufferPointer(start: reals.baseAddress, count: row.count)
                try writeNumbers(index, y, Span(_unsafeElements: numbers))
            })
    }
}
