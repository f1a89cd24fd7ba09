import Album
import Appliance
import Booth
import Imaging
import Painting
import Synchronization

/// Paints nothing: a sample is its model's checksum, an anime picture the photo itself. Samples wait until the test lets
/// them go on.
final class ScriptedPainter: StylePainter {
    private struct State {
        var checksums = ["chalk": "first", "cute": "first"]
        var asked = 0
        var samples: [String] = []
        var failures = 0
        var isOpen = false
        var faces: [Painter.Faces] = []
        /// The numbers of "chalk", which is a drawn style here.
        var drawn = DrawnStyle()
        var tried: [DrawnStyle] = []
        var held: [CheckedContinuation<Void, Never>] = []
        var counting: (count: Int, test: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    /// The samples that were painted, by their styles.
    var samples: [String] { state.withLock { $0.samples } }

    /// What it was told to do with faces.
    var faces: [Painter.Faces] { state.withLock { $0.faces } }

    /// The numbers that samples were tried with.
    var tried: [DrawnStyle] { state.withLock { $0.tried } }

    /// Puts another model in the place of a style's.
    func replaceModel(of style: String, checksum: String?) { state.withLock { $0.checksums[style] = checksum } }

    /// Makes the next samples fail.
    func failSamples(_ count: Int) { state.withLock { $0.failures = count } }

    /// Returns when somebody has asked so many times for a style.
    func asked(_ count: Int) async {
        await withCheckedContinuation { test in
            let isSo = state.withLock { state in
                if state.asked < count { state.counting = (count, test) }
                return state.asked >= count
            }
            if isSo { test.resume() }
        }
    }

    /// Lets samples go on, those to come too.
    func letGo() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.isOpen = true
            return state.held
        }
        for painting in held { painting.resume() }
    }

    // MARK: A painter

    var styles: [String] { state.withLock { $0.checksums.keys.sorted() } }
    var descriptions: [StyleDescription] {
        styles.map { StyleDescription(name: $0, title: $0.uppercased(), licence: "free") }
    }

    func knows(style: String) -> Bool { checksum(ofStyle: style) != nil }

    func checksum(ofStyle name: String) -> String? {
        let (checksum, test) = state.withLock { state in
            state.asked += 1
            guard let counting = state.counting, counting.count == state.asked else {
                return (state.checksums[name], CheckedContinuation<Void, Never>?.none)
            }
            state.counting = nil
            return (state.checksums[name], counting.test)
        }
        test?.resume()
        return checksum
    }

    func draws(style: String) -> Bool { style == "chalk" }

    func drawnStyle(_ name: String) -> (ofFile: DrawnStyle, set: DrawnStyle)? {
        draws(style: name) ? state.withLock { (DrawnStyle(), $0.drawn) } : nil
    }

    func setDrawnStyle(_ style: DrawnStyle?, of name: String) {
        state.withLock { $0.drawn = style ?? DrawnStyle() }
    }

    func paintSample(_ photo: PictureInput, style: String, drawn: DrawnStyle?) async throws -> [UInt8] {
        if let drawn { state.withLock { $0.tried.append(drawn) } }
        await withCheckedContinuation { painting in
            let isOpen = state.withLock { state in
                state.samples.append(style)
                if !state.isOpen { state.held.append(painting) }
                return state.isOpen
            }
            if isOpen { painting.resume() }
        }
        return try state.withLock { state throws(PaintingError) in
            if state.failures > 0 {
                state.failures -= 1
                throw PaintingError("this was to fail")
            }
            return Array((state.checksums[style] ?? "").utf8)
        }
    }

    func paintLive(_ frame: PictureInput, style: String) async throws -> [UInt8] { [] }
    func setSize(_ size: Painter.Size) {}
    func setFaces(_ faces: Painter.Faces) { state.withLock { $0.faces.append(faces) } }

    func paint(
        _ photo: PictureInput, style: String, as wish: PaintingWish,
        progress: @escaping @Sendable (Int, Int) throws -> Void
    ) async throws -> [UInt8] {
        try progress(1, 1)
        return try RGBImage.decode(photo, longestSide: 16).jpeg()
    }
}
