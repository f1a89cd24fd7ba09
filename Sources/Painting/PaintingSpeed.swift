import Engine

/// How fast a board paints.
public struct PaintingSpeed: Sendable, Equatable {
    /// Multiply-accumulate operations in a second.
    public let operationsPerSecond: Double

    /// A speed; nil for one that no machine has.
    public init?(operationsPerSecond: Double) {
        guard (1e5...1e15).contains(operationsPerSecond) else { return nil }
        self.operationsPerSecond = operationsPerSecond
    }

    /// How many seconds a picture takes that needs so many operations.
    public func seconds(for work: Double) -> Double { work / operationsPerSecond }
}

// MARK: - Measuring

extension PaintingSpeed {
    /// The most pictures that are painted to measure.
    static let mostPictures = 6
    /// How long measuring may take, as long as one picture does not take longer.
    static let patience = Duration.milliseconds(600)
    /// What a picture to measure with costs at most: large enough for threads and strips to work nearly as they do in
    /// earnest, small enough for the slowest board.
    static let work = 250e6

    /// Measures by painting pictures. The fastest counts: what else the machine does only ever makes one slower.
    ///
    /// - Parameters:
    ///   - work: The operations of a picture.
    ///   - paint: Paints one and returns how long it took.
    /// - Returns: The speed; nil when the times make no sense.
    public static func measured(work: Double, paint: () throws -> Duration) rethrows -> PaintingSpeed? {
        var best = try paint()
        var spent = best
        var pictures = 1
        while pictures < mostPictures, spent + best <= patience {
            let time = try paint()
            best = min(best, time)
            spent += time
            pictures += 1
        }
        return PaintingSpeed(operationsPerSecond: work / best.seconds)
    }

    /// Measures with a model. The memory that it takes is free again when this returns.
    ///
    /// - Parameters:
    ///   - model: The model, best a small one.
    ///   - options: Kernels, threads and memory limit.
    /// - Returns: The speed.
    /// - Throws: `EngineError` when the picture or the threads cannot be had, ``PaintingError`` when the clock stands
    ///   still.
    public static func measured(_ model: ModelFile, _ options: Painter.Options) throws -> PaintingSpeed {
        let picture = try picture(for: model.graph)
        let plan = try Plan(graph: model.graph, picture: picture, memoryLimit: options.memoryLimit)
        let executor = try Executor(
            model: model, plan: plan, instructionSet: options.instructionSet, threads: options.threads)
        let pattern = TestPattern(width: picture.width)
        let speed = try measured(work: model.graph.work(for: picture)) {
            let start = ContinuousClock.now
            try executor.run(readRow: pattern.read, writeRow: { _, _ in })
            return ContinuousClock.now - start
        }
        guard let speed else { throw PaintingError("the speed of painting cannot be measured: the clock stands still") }
        return speed
    }

    /// A square of 64 to 256 pixels that needs ``work`` at most, where that is possible.
    private static func picture(for graph: Graph) throws(EngineError) -> Graph.Extent {
        var side = 256
        while side > 64, try graph.work(for: graph.square(of: side)) > work { side -= 32 }
        return graph.square(of: side)
    }
}

extension Duration {
    /// Seconds with their fraction.
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
