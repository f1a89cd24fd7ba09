import Appliance
import ArgumentParser
import Engine
import Glibc
import Imaging
import Painting

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turns photos into anime pictures.",
        usage: """
            animesnap convert <photo> <result>
            animesnap convert <photo|folder> ... [-o <file|folder>] [<options>]
            """,
        discussion: """
            One photo, and the result's name:

              animesnap convert photo.jpg anime.jpg

            Many photos, or a folder of them; the results go beside the photos, or into
            the folder that -o names:

              animesnap convert *.jpg
              animesnap convert holiday -o painted

            In a pipe:

              animesnap convert - - < photo.jpg > anime.jpg

            Photos are JPEG files of up to 100 megapixels. Where no name is given the
            result is called after the photo and the style: photo.jpg becomes
            photo-anime.jpg. A result appears complete or not at all, and a photo that
            cannot be converted does not stop the others.

            Faces are found and painted one by one, at the size that the style draws
            best, and pictures that are larger than it draws well are enlarged by a
            network that keeps lines clean. A square portrait, for an avatar:

              animesnap convert photo.jpg me.jpg --faces only --size 512

            A drawn style is a file of numbers, which can be changed for a picture, or
            be a file of your own, which 'animesnap style print anime' begins:

              animesnap convert photo.jpg --style webtoon --style-set eyes=1.3
              animesnap convert photo.jpg --style own.json

            Of a style in several sizes (cute-s, cute-m, cute-l) 'cute' stands for the
            one that the camera takes on this board, as 'animesnap doctor' tells, or for
            cute-m where 'animesnap run' has measured nothing yet.
            """
    )

    @Argument(help: ArgumentHelp("Photos, folders of photos, or - for standard input.", valueName: "photo|folder"))
    var inputs: [String]

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp(
            "The result's file, a folder for the results (with a / at its end if it is new), or - for standard output.",
            valueName: "file|folder"))
    var output: String?

    @OptionGroup var style: StyleOption

    @Option(
        name: .customLong("style-set"),
        help: ArgumentHelp(
            "Changes a drawn style, as 'animesnap style keys' tells, such as eyes=1.3; can be given several times.",
            valueName: "key=value"))
    var changes: [String] = []

    @Option(
        help: ArgumentHelp(
            "The result's longest side in pixels, 16 to 32768, or 'full' for the photo's own size.",
            valueName: "n|full"))
    var size = "1280"

    @Option(
        help: ArgumentHelp(
            """
            What is done with faces: 'auto' paints each by itself and lays it over the scene, 'off' paints them with the \
            scene, 'only' makes a square picture of the largest.
            """,
            valueName: "auto|off|only"))
    var faces = Painter.Faces.auto

    @Option(
        help: ArgumentHelp(
            "Frames the faces: in the photo's proportions ('faces'), 4:5 or 1:1.",
            valueName: "off|faces|4:5|1:1"))
    var crop = PhotoCrop.Shape.off

    @Option(
        help: ArgumentHelp(
            "A colour grade on top of the style: \(Look.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "look"))
    var look: String?

    @Option(help: ArgumentHelp("JPEG quality, 1 to 100; from 95 on colours keep their full detail.", valueName: "q"))
    var quality = 92

    @OptionGroup var kernels: KernelOptions

    @OptionGroup var memory: MemoryOptions

    @Flag(help: "Print a line of JSON per picture: times in ms, memory, model, kernels, sizes.")
    var json = false

    func validate() throws {
        guard (1...100).contains(quality) else {
            throw ValidationError("--quality is \(quality); 1 to 100 are possible")
        }
        if let look, Look(rawValue: look) == nil {
            let names = Look.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--look is '\(look)'; \(names) are possible")
        }
        guard painterSize != nil else {
            throw ValidationError("--size is '\(size)'; 16 to 32768 pixels are possible, or 'full'")
        }
    }

    private var painterSize: Painter.Size? {
        if size == "full" { return .full }
        return Int(size).flatMap { (16...32_768).contains($0) ? .longestSide($0) : nil }
    }

    func run() throws {
        let style = try style.openForThisBoard(changing: changes)
        var options = Painter.Options()
        options.useNetworks(of: .standard)
        options.size = painterSize ?? options.size
        options.faces = faces
        options.crop = crop
        options.quality = quality
        options.drawnStyle = style.drawn
        options.styleName = style.name
        options.look = look.flatMap { Look(rawValue: $0) }
        options.instructionSet = try kernels.instructionSet()
        options.threads = kernels.threadCount
        options.stripRows = memory.stripRows
        options.memoryLimit = memory.limitBytes
        let work = try ConversionJobs(inputs: inputs, output: output, style: style.name)
        if json, work.jobs.contains(where: { $0.result == .standardOutput }) {
            throw PaintingError("the picture and --json cannot both go to standard output")
        }
        try work.makeFolder()
        defer { work.removeEmptyFolder() }
        let failures = try convertAll(work.jobs, Painter(model: style.model, options: options))
        if failures > 0 {
            if work.jobs.count > 1 { complain("\(failures) of \(work.jobs.count) pictures could not be converted") }
            throw ExitCode(1)
        }
    }

    /// Converts what can be converted and returns how many could not.
    private func convertAll(_ jobs: [ConversionJobs.Job], _ painter: Painter) throws -> Int {
        let bar = ProgressBar(total: jobs.count)
        var failures = 0
        for (index, job) in jobs.enumerated() {
            bar.show(done: index, name: job.photo.name)
            var report: Painter.Report?
            do {
                report = try convert(job, painter)
            } catch let code as ExitCode {
                bar.clear()
                throw code
            } catch {
                bar.clear()
                complain("\(error)")
                failures += 1
            }
            bar.clear()
            if let report { try describe(report, job, painter) }
        }
        return failures
    }

    private func convert(_ job: ConversionJobs.Job, _ painter: Painter) throws -> Painter.Report {
        let input: PictureInput =
            switch job.photo {
            case .standardInput: try .reading(descriptor: STDIN_FILENO, name: "standard input")
            case .file(let path): .file(path: path)
            }
        Interruption.watch()
        switch job.result {
        case .file(let path):
            return try painter.paint(input, toFile: path) { _, _ in try Interruption.check() }
        case .standardOutput:
            let (bytes, report) = try painter.paint(input) { _, _ in try Interruption.check() }
            guard send(bytes, to: STDOUT_FILENO) else {
                throw PictureError("standard output", .unwritable(systemError: errno))
            }
            return report
        }
    }

    private func describe(_ report: Painter.Report, _ job: ConversionJobs.Job, _ painter: Painter) throws {
        guard case .file(let path) = job.result else { return }
        if json {
            try tell(jsonLine(ConversionLine(job.photo.name, path, report, painter)))
        } else {
            let count = report.facesPainted
            let faces = count == 0 ? "" : count == 1 ? ", 1 face" : ", \(count) faces"
            let size = "\(report.anime.width)x\(report.anime.height)"
            try tell("\(path) (\(size)\(faces), \(report.total.milliseconds.fixed(0)) ms)")
        }
    }
}

/// What `convert --json` prints of a picture.
private struct ConversionLine: Encodable {
    struct Times: Encodable {
        let see: Double
        let faces: Double
        let decode: Double
        let resize: Double
        let network: Double
        let enlarge: Double
        let encode: Double
        let total: Double
    }

    struct Faces: Encodable {
        let found: Int
        let painted: Int
        /// There was no memory for them.
        let left_out: Int
    }

    let input: String
    let output: String
    let model: String
    let isa: String
    let threads: Int
    let photo_size: PictureSize
    let network_size: PictureSize
    let anime_size: PictureSize
    let doublings: Int
    let faces: Faces
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
        photo_size = report.photo
        network_size = report.network
        anime_size = report.anime
        doublings = report.doublings
        faces = Faces(found: report.facesFound, painted: report.facesPainted, left_out: report.facesLeftOut)
        times_ms = Times(
            see: report.see.milliseconds, faces: report.faces.milliseconds, decode: report.decode.milliseconds,
            resize: report.resize.milliseconds, network: report.run.milliseconds,
            enlarge: report.enlarge.milliseconds, encode: report.encode.milliseconds, total: report.total.milliseconds)
        strip_rows = report.stripRows
        workspace_bytes = report.workspaceBytes
        peak_rss_mb = peakResidentBytes().megabytes
    }
}

extension Painter.Faces: ExpressibleByArgument {}
extension PhotoCrop.Shape: ExpressibleByArgument {}
