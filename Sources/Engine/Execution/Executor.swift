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
        let job = try PictureJob(
            model: model, plan: plan, kernels: instructionSet.kernels, threadCount: threads)
        pool = try ThreadPool(job: job, threadCount: threads)
    }

    deinit { pool.dismiss() }

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
    /// ``ModelFile/quantization(ofOutput:)``.
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
        try pool.lead(
            readInput: { y, row in
                var span = MutableSpan(_unsafeElements: row)
                try readRow(y, &span)
            },
            writeOutput: { output, y, row in try writeOutput(output, y, Span(_unsafeElements: row)) })
    }
}
