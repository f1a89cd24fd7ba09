/// How a picture is wished, where that is not what is set when its turn comes.
public struct PaintingWish: Hashable, Sendable, CustomStringConvertible {
    /// How large it is to be.
    public var size: PaintingSize?
    /// What is to be done with its faces.
    public var faces: PaintingFaces?

    /// A wish; without any it is painted as is set.
    public init(size: PaintingSize? = nil, faces: PaintingFaces? = nil) {
        self.size = size
        self.faces = faces
    }

    /// Reads what ``description`` wrote; what cannot be understood wishes nothing.
    public init(_ text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        self.init(size: lines.first.flatMap { PaintingSize($0) })
        let mark = "faces: "
        if let line = lines.dropFirst().first(where: { $0.hasPrefix(mark) }) {
            faces = PaintingFaces(rawValue: String(line.dropFirst(mark.count)))
        }
    }

    /// The size in the first line, as programs that know nothing of faces read it, and then "faces: off"; empty without a
    /// wish.
    public var description: String {
        guard let faces else { return size.map { "\($0)\n" } ?? "" }
        return (size.map { "\($0)" } ?? "") + "\nfaces: \(faces.rawValue)\n"
    }
}

/// What is done with the faces of a picture.
public enum PaintingFaces: String, CaseIterable, Sendable {
    /// Each is painted by itself.
    case auto
    /// They are painted with the scene.
    case off
    /// The largest becomes a square picture.
    case only
}
