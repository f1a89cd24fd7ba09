import ArgumentParser
import Engine
import Glibc
import Imaging
import Painting

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turns photos into anime pictures.",
        discussion: """
            One photo, named result:          animesnap convert photo.jpg anime.jpg
            Many photos, results beside them: animesnap convert *.jpg
            A folder into another:            animesnap convert holiday -o painted
            In a pipe:                        animesnap convert - -o - < photo.jpg > anime.jpg

            Photos are JPEG files of up to 100 megapixels. Without -o the result lies beside the photo and is called
            after the style: photo.jpg becomes photo-cel.jpg. A result appears complete or not at all.
            """
    )

    @Argument(help: ArgumentHelp("Photos, folders of photos, or - for standard input.", valueName: "in"))
    var inputs: [String]

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The result's file, a folder for the results, or - for standard output.", valueName: "out|folder"))
    var output: String?

    @OptionGroup var engine: EngineOptions

    @Option(help: ArgumentHelp("The longest side that the network sees, 16 to 32768, or 'full'.", valueName: "n|full"))
    var size = SizeOption(size: .longestSide(512))

    @Option(help: ArgumentHelp("JPEG quality, 1 to 100; colour is kept at full size from 95 on.", valueName: "q"))
    var quality = 92

    @Flag(help: "Print one line of JSON per picture: times in ms, memory, model, kernels, sizes.")
    var json = false

    func validate() throws {
        guard (1...100).contains(quality) else {
            throw ValidationError("--quality is \(quality); 1 to 100 are possible")
        }
    }

    func run() throws {
        let model = try engine.openModel()
        var options = Painter.Options()
        options.size = size.size
        options.quality = quality
        options.instructionSet = try engine.instructionSet()
        options.threads = engine.threadCount
        options.stripRows = engine.stripRows
        options.memoryLimit = engine.memoryLimitBytes
        let jobs = try ConversionJobs.resolve(inputs: inputs, output: output, style: model.graph.style)
        if json, jobs.contains(where: { $0.result == .standardOutput }) {
            throw PaintingError("the picture and --json cannot both go to standard output")
        }
        let painter = Painter(model: model, options: options)
        let bar = ProgressBar(total: jobs.count)
        var failures = 0
        for (index, job) in jobs.enumerated() {
            bar.show(done: index, name: job.photo.name)
            do {
                let report = try convert(job, painter)
                bar.clear()
                try tell(report, job, painter)
            } catch {
                bar.clear()
                complain("\(error)")
                failures += 1
            }
        }
        if failures > 0 {
            if jobs.count > 1 { complain("\(failures) of \(jobs.count) pictures could not be converted") }
            throw ExitCode(1)
        }
    }

    private func convert(_ job: ConversionJobs.Job, _ painter: Painter) throws -> Painter.Report {
        let input: PictureInput =
            switch job.photo {
            case .standardInput: try .reading(descriptor: STDIN_FILENO, name: "standard input")
            case .file(let path): .file(path: path)
            }
        switch job.result {
        case .file(let path): return try painter.paint(input, toFile: path)
        case .standardOutput:
            let (bytes, report) = try painter.paint(input)
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                guard count > 0 else { throw PaintingError("standard output does not take the picture") }
                sent += count
            }
            return report
        }
    }

    private func tell(_ report: Painter.Report, _ job: ConversionJobs.Job, _ painter: Painter) throws {
        guard case .file(let path) = job.result else { return }
        if json {
            print(try jsonLine(ConversionLine(job.photo.name, path, report, painter)))
        } else {
            let total = report.decode + report.resize + report.run + report.encode
            print("\(path) (\(report.anime.width)x\(report.anime.height), \(total.milliseconds.fixed(0)) ms)")
        }
    }
}

/// What `convert --json` prints of a picture.
private struct ConversionLine: Encodable {
    struct Size: Encodable {
        let width: Int
        let height: Int

        init(_ size: PictureSize) {
            width = size.width
            height = size.height
        }
    }

    struct Times: Encodable {
        let decode: Double
        let resize: Double
        let network: Double
        let encode: Double
    }

    let input: String
    let output: String
    let model: String
    let isa: String
    let threads: Int
    let photo_size: Size
    let network_size: Size
    let anime_size: Size
    let times_ms: Times
    let strip_rows: Int
    let workspace_bytes: Int
    let peak_rss_mb: Double

    init(_ input: String, _ output: String, _ report: Painter.Report, _ painter: Painter) {
        self.input = input
        self.output = output
        model = painter.model.graph.name
        isa = painter.options.instructionSet.name
        threads = painter.options.threads
        photo_size = Size(report.photo)
        network_size = Size(report.network)
        anime_size = Size(report.anime)
        times_ms = Times(
            decode: report.decode.milliseconds, resize: report.resize.milliseconds, network: report.run.milliseconds,
            encode: report.encode.milliseconds)
        strip_rows = report.stripRows
        workspace_bytes = report.workspaceBytes
        peak_rss_mb = peakResidentBytes().megabytes
    }
}
