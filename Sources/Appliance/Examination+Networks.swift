import Booth
import Engine
import Imaging
import Painting
import Seeing

/// Networks that a picture needs besides its style's, and the stream that it is taken from.
extension Examination {
    /// Whether faces can be found, and what becomes of them otherwise.
    func faces() -> Finding {
        if settings.faces == .off { return Finding("faces", "off: they are painted with the scene") }
        do {
            let model = try network("seeing/yunet-n")
            _ = try FaceDetector(model: model)
            let words = settings.faces == .only ? "the largest becomes a square picture" : "each is painted by itself"
            return Finding("faces", "\(words); \(model.path) finds them")
        } catch  where settings.faces == .only {
            return Finding("faces", .problem, "picture.faces is 'only', and none can be found: \(error)")
        } catch {
            return Finding(
                "faces", .warning, "\(error); until then they are painted with the scene, and small ones lose eyes")
        }
    }

    /// Whether what a network draws can be doubled, and what becomes of large pictures otherwise.
    func enlarging(_ model: ModelFile) -> Finding {
        do {
            let enlarger = try network("finishing/finish")
            guard try PaintingNetwork(enlarger).scale == 2 else {
                return Finding(
                    "enlarging", .problem, "\(enlarger.path) does not double pictures: put the program's own there")
            }
            return Finding("enlarging", "\(enlarger.path) doubles what was drawn")
        } catch {
            var options = settings.painterOptions
            options.enlarger = nil
            let seen = (try? PaintingWork(of: model.graph, options, photo: photo))?.scale.seen
            let isLarge = max(seen?.width ?? 0, seen?.height ?? 0) > PictureScale.nativeSide
            let words = "; until then large pictures take longer, and their lines are weaker"
            return Finding("enlarging", isLarge ? .warning : .good, "\(error)\(isLarge ? words : "")")
        }
    }

    /// How a picture gets its size, and what memory its networks take.
    func painting(_ model: ModelFile) -> Finding {
        do {
            let work = try PaintingWork(of: model.graph, settings.painterOptions, photo: photo)
            let scale = work.scale
            let size = settings.animeSide.map { "\($0) pixels at the longest side" } ?? "in the photo's own size"
            let seen = "the network sees \(max(scale.seen.width, scale.seen.height))"
            let times = ["", ", doubled once", ", doubled twice"][min(scale.doublings, 2)]
            return Finding(
                "painting",
                "\(size): \(seen)\(times); \(try work.workspaceBytes.megabytes.fixed(1)) MB of workspace at most")
        } catch {
            return Finding("painting", .problem, "\(error)")
        }
    }

    /// Whether the camera's stream suits the pictures that are made of it.
    func stream() -> Finding {
        let mode = settings.cameraMode
        let text = "\(mode.width)x\(mode.height) at \(mode.rate) a second"
        guard let side = settings.animeSide else {
            return Finding("stream", "\(text): pictures are painted as large as that")
        }
        let longest = max(mode.width, mode.height)
        if longest < side {
            return Finding(
                "stream",
                "\(text): less than the \(side) pixels of picture.size, so pictures show no more than it does; camera.size sets it"
            )
        }
        return Finding(
            "stream",
            longest == side
                ? "\(text): as large as pictures are painted"
                : "\(text): more than the \(side) pixels of picture.size, which only costs memory and time")
    }

    private var photo: PictureSize { PictureSize(width: settings.cameraMode.width, height: settings.cameraMode.height) }

    /// - Throws: A sentence when there is none, or it is damaged.
    private func network(_ name: String) throws -> ModelFile {
        try ModelFile(path: settings.networkLibrary.path(ofNetwork: name))
    }
}
