import Engine
import Imaging
import Painting
import Seeing

/// Paints frames of the camera for those who watch live, one after the other.
///
/// Faces are looked for about three times a second and followed in between. How large pictures are, and whether there is
/// time for faces, follows from how long frames take: see ``LivePace``.
final class LivePainter {
    /// Seconds from one look for faces to the next.
    private static let lookInterval = 0.3
    /// The most faces that are painted by themselves.
    private static let mostFaces = 2

    private var pace = LivePace()
    private var follower = FaceFollower(most: LivePainter.mostFaces)
    private var memory: Memory?
    private let start = ContinuousClock.now
    /// When faces were looked for last, in seconds since the start.
    private var lastLook = -Double.infinity
    private var timeToLook = Duration.zero

    private struct Memory {
        let model: StyleModel
        let look: Look?
        let painter: Painter
        /// Nil while faces are left to the scene.
        let detector: FaceDetector?

        /// Whether pictures come out alike, of those choices that change from frame to frame.
        func paints(_ model: StyleModel, _ look: Look?, as options: Painter.Options) -> Bool {
            let own = painter.options
            return self.model == model && self.look == look && own.size == options.size && own.faces == options.faces
                && own.faceSide == options.faceSide && own.drawnStyle == options.drawnStyle
        }
    }

    /// Lets the memory go; where the faces are and how fast the board is it knows on.
    func forgetMemory() { memory = nil }

    /// Paints a frame.
    ///
    /// - Parameters:
    ///   - frame: A JPEG picture.
    ///   - model: What paints.
    ///   - look: The colour grade on top; nil for none.
    ///   - choices: Those for all pictures. Of what is done with faces it counts only whether anything is: a square with
    ///     one face shows nobody where they stand.
    ///   - open: Opens the model.
    /// - Returns: A JPEG file.
    /// - Throws: A sentence for a person.
    func paint(
        _ frame: PictureInput, with model: StyleModel, _ look: Look?, _ choices: Painter.Options,
        open: () throws -> ModelFile
    ) throws -> [UInt8] {
        let memory = try memory(for: model, look, choices, open)
        let faces = memory.detector.map { follow(frame, with: $0) } ?? []
        let began = ContinuousClock.now
        let bytes = try memory.painter.paint(frame, faces: faces).bytes
        let took = ContinuousClock.now - began
        // A look serves about two frames and counts half on each: the side must not follow it up and down.
        pace.add(memory.detector == nil ? took : took + timeToLook / 2, hadFaces: memory.detector != nil)
        return bytes
    }

    /// Where the faces of a frame are, in its pixels. A frame that cannot be looked at has none; it is the painter that
    /// says why.
    private func follow(_ frame: PictureInput, with detector: FaceDetector) -> [Face] {
        let began = ContinuousClock.now
        let now = seconds(of: began)
        if now - lastLook >= Self.lookInterval {
            lastLook = now
            follower.see((try? detector.look(at: frame).faces) ?? [], at: now)
            timeToLook = ContinuousClock.now - began
        }
        return follower.faces(at: now)
    }

    private func seconds(of instant: ContinuousClock.Instant) -> Double { (instant - start) / .seconds(1) }

    private func memory(
        for model: StyleModel, _ look: Look?, _ choices: Painter.Options, _ open: () throws -> ModelFile
    ) throws -> Memory {
        let hasFaces = choices.faces != .off && pace.hasTimeForFaces
        var options = choices
        options.size = .longestSide(pace.side)
        options.faces = hasFaces && choices.faceNetwork != nil ? .auto : .off
        options.faceSide = pace.faceSide
        options.mostFaces = Self.mostFaces
        // What it sees is small enough to be seen by the network whole, and there is no time for more.
        options.enlarger = nil
        options.quality = 80
        options.look = look
        if let memory, memory.paints(model, look, as: options) { return memory }
        // It keeps its memory, as the side changes in every frame at first.
        let detector = options.faces == .off ? nil : memory?.detector ?? detector(options)
        memory = nil
        options.faceNetwork = nil  // faces are followed, not looked for by the painter
        let made = Memory(
            model: model, look: look, painter: Painter(model: try open(), options: options), detector: detector)
        memory = made
        return made
    }

    /// Nil when no network finds faces: one that is none is done without, and the examination of the board tells it.
    private func detector(_ options: Painter.Options) -> FaceDetector? {
        guard let network = options.faceNetwork else { return nil }
        var seeing = FaceDetector.Options()
        seeing.instructionSet = options.instructionSet
        seeing.threads = options.threads
        return try? FaceDetector(model: network, options: seeing)
    }
}
