import ArgumentParser
import Engine
import Imaging
import Painting
import Seeing

struct FacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faces",
        abstract: "Finds the faces in photos.",
        usage: "animesnap faces <photo> ... [<options>]",
        discussion: """
            Tells the box of each face, both eyes, nose and corners of the mouth, in pixels
            of the upright photo, and how sure it is; then where the eyes look, and with
            --json the 468 points of a mesh. Nothing of it is kept anywhere.

              animesnap faces group.jpg
              animesnap faces group.jpg --draw found.jpg
            """)

    @Argument(help: ArgumentHelp("Photos, JPEG files.", valueName: "photo"))
    var photos: [String]

    @Option(
        help: ArgumentHelp(
            "The longest side in which faces are looked for, 64 to 2048: 640 finds smaller ones and takes four times as long.",
            valueName: "n"))
    var size = 320

    @Option(help: ArgumentHelp("Draws what was found in one photo into a JPEG file.", valueName: "file"))
    var draw: String?

    @Flag(help: "Print a line of JSON per photo.")
    var json = false

    @Flag(inversion: .prefixedNo, help: "Read the mesh of each face and where its eyes look.")
    var mesh = true

    @OptionGroup var kernels: KernelOptions

    func validate() throws {
        guard (64...2048).contains(size) else { throw ValidationError("--size is \(size); 64 to 2048 are possible") }
        guard draw == nil || photos.count == 1 else { throw ValidationError("--draw is for one photo") }
    }

    func run() throws {
        let detector = try detector()
        let reader = try mesh ? meshReader() : nil
        var failures = 0
        for photo in photos {
            do {
                let sighting = try detector.look(at: .file(path: photo))
                let seen = SeenFaces(
                    photo: photo, sighting: sighting, readings: try readings(of: sighting, photo, reader))
                try tell(json ? seen.line() : seen.words)
                if let draw { try seen.draw(into: draw) }
            } catch {
                complain("\(error)")
                failures += 1
            }
        }
        if failures > 0 { throw ExitCode(1) }
    }

    private func model(_ name: String) throws -> ModelFile {
        try ModelFile(path: ModelLibrary.standard.path(ofNetwork: "seeing/\(name)"))
    }

    private func detector() throws -> FaceDetector {
        var options = FaceDetector.Options()
        options.longestSide = size
        options.instructionSet = try kernels.instructionSet()
        options.threads = kernels.threadCount
        return try FaceDetector(model: model("yunet-n"), options: options)
    }

    private func meshReader() throws -> FaceMeshReader {
        var options = FaceMeshReader.Options()
        options.instructionSet = try kernels.instructionSet()
        options.threads = kernels.threadCount
        return try FaceMeshReader(mesh: model("face-mesh"), iris: model("iris"), options: options)
    }

    /// Nil without a reader. Faces are read in the photo as it is decoded at a size that shows all of them well.
    private func readings(
        of sighting: FaceDetector.Sighting, _ photo: String, _ reader: FaceMeshReader?
    ) throws -> [FaceMeshReader.Reading]? {
        guard let reader, !sighting.faces.isEmpty else { return reader == nil ? nil : [] }
        let side = sighting.side(toShowFacesAt: 192, atMost: SeenFaces.longestSide)
        return try reader.readings(of: sighting, in: RGBImage.decode(.file(path: photo), longestSide: side))
    }
}
