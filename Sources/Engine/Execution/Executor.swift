import CKernels

/// Paints pictures of one size with one model: all memory and all threads exist before the first picture, and nothing is
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

    /// Paints one picture.
    ///
    /// Rows come in and go out in order, top to bottom, while the network runs; each holds packed RGB samples,
    /// 3 bytes a pixel, `plan.picture.width` pixels.
    ///
    /// - Parameters:
    ///   - readRow: Fills the row it is given with row y of the photo.
    ///   - writeRow: Takes row y of the anime picture; the span is valid during the call only.
    /// - Throws: What `readRow` or `writeRow` throws; the picture is then abandoned and the executor can be used again.
    public func run(
        readRow: (_ y: Int, _ row: inout MutableSpan<UInt8>) throws -> Void,
        writeRow: (_ y: Int, _ row: Span<UInt8>) throws -> Void
    ) throws {
        try pool.lead(
            readPhoto: { y, row in
                var span = MutableSpan(_unsafeElements: row)
                try readRow(y, &span)
            },
            writeAnime: { y, row in try writeRow(y, Span(_unsafeElements: row)) })
    }
}
