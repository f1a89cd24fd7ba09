import Appliance
import ArgumentParser
import Engine
import Painting

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the network alone, without decoding and encoding.",
        usage: "animesnap bench [--style <name|file>] [--size <n>] [<options>]",
        discussion: """
            Paints a computed pattern, so that no photo is needed. On a machine that does
            other work the fastest time tells more than the median.

              animesnap bench --size 640x480 --threads 4
            """
    )

    @OptionGroup var style: StyleOption

    @Option(help: ArgumentHelp("Side of the square picture, or WIDTHxHEIGHT.", valueName: "n"))
    var size = "512"

    @Option(name: .customLong("repeat"), help: ArgumentHelp("How many pictures are painted and timed.", valueName: "n"))
    var repetitions = 10

    @OptionGroup var kernels: KernelOptions

    @OptionGroup var memory: MemoryOptions

    @Flag(help: "Print one line of JSON: times in ms, work, memory, kernels.")
    var json = false

    private var picture: Graph.Extent? {
        let sides = size.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard sides.count <= 2, let width = sides.first, let height = sides.last, width > 0, height > 0 else {
            return nil
        }
        return Graph.Extent(height: height, width: width)
    }

    func validate() throws {
        guard (1...100_000).contains(repetitions) else {
            throw ValidationError("--repeat is \(repetitions); 1 to 100000 are possible")
        }
        guard picture != nil else { throw ValidationError("--size is '\(size)'; 512 or 640x480 are examples") }
    }

    func run() throws {
        guard let picture else { return }
        let model = try style.openModel()
        let plan = try Plan(
            graph: model.graph, picture: picture, stripRows: memory.stripRows, memoryLimit: memory.limitBytes)
        let executor = try Executor(
            model: model, plan: plan, instructionSet: kernels.instructionSet(), threads: kernels.threadCount)
        let pattern = TestPattern(width: picture.width)
        var times: [Duration] = []
        // The first picture fills caches and page tables and is not counted.
        for repetition in 0...repetitions {
            let start = ContinuousClock.now
            try executor.run(readRow: pattern.read, writeRow: { _, _ in })
            if repetition > 0 { times.append(ContinuousClock.now - start) }
        }
        times.sort()
        let macs = try model.graph.multiplyAccumulates(for: picture).reduce(0, +)
        let line = BenchLine(
            model: model.graph.name, width: picture.width, height: picture.height, isa: executor.instructionSet.name,
            threads: executor.threadCount, strip_rows: plan.stripRows, median_ms: times[times.count / 2].milliseconds,
            min_ms: times[0].milliseconds, macs: macs,
            gmac_per_s: (Double(macs) / times[times.count / 2].milliseconds / 1e6).rounded(toDecimals: 2),
            workspace_bytes: plan.workspaceBytes, peak_rss_mb: peakResidentBytes().megabytes)
        if json {
            try tell(jsonLine(line))
        } else {
            try tell(
                """
                \(line.model) at \(line.width)x\(line.height), \(line.isa), \(line.threads) \(line.threads == 1 ? "thread" : "threads"), \
                strips of \(line.strip_rows) rows
                median \(line.median_ms.fixed(2)) ms, fastest \(line.min_ms.fixed(2)) ms of \(repetitions)
                \((Double(macs) / 1e9).fixed(2)) GMAC a picture, \(line.gmac_per_s.fixed(1)) GMAC/s
                workspace \(plan.workspaceBytes.megabytes.fixed(2)) MB, peak memory \(line.peak_rss_mb.fixed(1)) MB
                """)
        }
    }
}

/// What `bench --json` prints.
private struct BenchLine: Encodable {
    let model: String
    let width: Int
    let height: Int
    let isa: String
    let threads: Int
    let strip_rows: Int
    let median_ms: Double
    let min_ms: Double
    let macs: Int
    let gmac_per_s: Double
    let workspace_bytes: Int
    let peak_rss_mb: Double
}
