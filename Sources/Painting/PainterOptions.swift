import Engine
import Imaging
import Seeing

extension Painter {
    /// How large the picture is to be.
    public enum Size: Sendable, Equatable {
        /// Its longest side gets this many pixels. What the network sees follows from it: see ``PictureScale``.
        case longestSide(Int)
        /// It gets the photo's own size.
        case full
    }

    /// What is done with faces.
    public enum Faces: String, CaseIterable, Sendable {
        /// Each is painted by itself, at the scale that the network draws best, and laid over the scene.
        case auto
        /// They are painted with the scene.
        case off
        /// The largest one becomes a square picture by itself.
        case only
    }

    /// Choices that hold for all pictures of a painter.
    public struct Options: Sendable {
        /// How large the picture is to be.
        public var size: Size = .longestSide(1280)
        /// What is done with faces; without ``faceNetwork`` they are painted with the scene.
        public var faces: Faces = .auto
        /// Finds faces: see `FaceDetector`.
        public var faceNetwork: ModelFile?
        /// Reads where the features of a face are, for styles that are drawn: see `FaceMeshReader`. Without it faces keep
        /// what the network made of them.
        public var meshNetwork: ModelFile?
        /// Reads where eyes look.
        public var irisNetwork: ModelFile?
        /// Where these two are looked for when a style is drawn and they are not given: others need no memory for them.
        var library: ModelLibrary?
        /// Doubles what was painted, where more pixels are wanted than the style's network draws well: a painting network
        /// of scale 2. Without one the network sees as much as it takes.
        public var enlarger: ModelFile?
        /// Whether the picture shows a part of the photo that frames the faces in it.
        public var crop: PhotoCrop.Shape = .off
        /// The most faces that are painted by themselves, the largest first.
        public var mostFaces = 16
        /// Pixels of the square that the network sees of a face, which itself fills half of its height, 64...2048. Faces are
        /// drawn best at the standard one; less is for pictures that are small and in a hurry.
        package var faceSide = 512
        /// The most bytes that painted faces may take until they are laid over the picture.
        public var faceMemoryLimit = 12 << 20
        /// JPEG quality, 1...100.
        public var quality = 92
        /// How the pen draws over what the network underpaints; nil for a network that paints by itself.
        public var drawnStyle: DrawnStyle?
        /// What the style is called in the picture's notes; nil for what the model calls it.
        public var styleName: String?
        /// A colour grade on top of the style; nil for none.
        public var look: Look?
        /// The kernels.
        public var instructionSet: InstructionSet = .best
        /// The threads that compute, 1...64.
        public var threads = 1
        /// Rows per strip, see `Plan`; nil chooses.
        public var stripRows: Int?
        /// The most bytes that a network's workspace may take; nil for no limit.
        public var memoryLimit: Int?

        /// The standard choices.
        public init() {}

        /// Takes the networks that belong to the program, other than styles, from a library. What is missing there, or is
        /// something else, is done without: the examination of the board tells it.
        public mutating func useNetworks(of library: ModelLibrary) {
            faceNetwork = library.network("seeing/yunet-n") { (try? FaceDetector(model: $0)) != nil }
            self.library = library
            enlarger = library.network("finishing/finish") { (try? PaintingNetwork($0))?.scale == 2 }
        }
    }

    /// What painting one picture took.
    public struct Report: Sendable {
        /// The photo's size as it lies in the file, upright.
        public var photo: PictureSize
        /// The anime picture's size.
        public var anime: PictureSize
        /// The size that the network saw, padding included.
        public var network: PictureSize
        /// How often what the network drew was doubled.
        public var doublings: Int
        /// Faces that were found.
        public var facesFound = 0
        /// Faces that were painted by themselves.
        public var facesPainted = 0
        /// Faces that would have been, had there been memory.
        public var facesLeftOut = 0
        /// Time to find faces.
        public var see: Duration = .zero
        /// Time to paint them, cutting out and laying over included.
        public var faces: Duration = .zero
        /// Time in the JPEG decoder.
        public var decode: Duration
        /// Time in the resizer.
        public var resize: Duration
        /// Time in the network that paints the scene.
        public var run: Duration
        /// Time in the network that doubles.
        public var enlarge: Duration
        /// Time in the JPEG encoder.
        public var encode: Duration
        /// Time for all of it.
        public var total: Duration
        /// Bytes of workspace, of all networks together.
        public var workspaceBytes: Int
        /// Rows per strip of the scene.
        public var stripRows: Int
    }
}

extension Painter.Options {
    /// Whether the memory limit allows a network to run on such pictures.
    func allow(_ graph: Graph, _ picture: Graph.Extent) -> Bool {
        memoryLimit == nil || (try? plan(for: graph, picture)) != nil
    }

    /// The plan of a picture; where memory is short and nobody asked for strips, with lower ones than would be fastest.
    ///
    /// - Throws: `EngineError` when the picture does not suit the network or exceeds the memory limit however low strips are.
    func plan(for graph: Graph, _ picture: Graph.Extent) throws(EngineError) -> Plan {
        do {
            return try Plan(graph: graph, picture: picture, stripRows: stripRows, memoryLimit: memoryLimit)
        } catch {
            guard stripRows == nil, memoryLimit != nil else { throw error }
            for rows in [32, 16, 8] {
                if let plan = try? Plan(graph: graph, picture: picture, stripRows: rows, memoryLimit: memoryLimit) {
                    return plan
                }
            }
            throw error
        }
    }
}
