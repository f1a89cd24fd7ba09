import Engine

/// What a style's name stands for in a library: models of several sizes, and the numbers of a drawn style.
public struct FoundStyle: Sendable {
    /// The models, the smallest first; one without a size is the only one.
    public let models: [(size: ModelSize?, path: String)]
    /// The file with its numbers; nil for a network that paints by itself.
    public let file: StyleFile?

    /// The model where nothing else tells which: the middle one, else the small one.
    public var standard: String {
        let path = [ModelSize.medium, .small, .large].lazy.compactMap { size in models.first { $0.size == size }?.path }
        return path.first ?? models.first?.path ?? ""
    }
}

extension ModelLibrary {
    /// The style that the program paints with where nobody says another.
    public static let standardStyle = "anime"

    /// Where a folder of the library has its style files.
    static let stylesFolder = "styles"

    /// All style files in the folders, by name; where two have the same name the first found counts. Whether one can be used
    /// shows when it is read.
    public func styleFiles() -> [(name: String, path: String)] {
        // The schema beside them is no style.
        names(below: "/\(Self.stylesFolder)", ending: StyleFile.ending).filter { !$0.name.contains(".") }
    }

    /// What the name of a style or a model stands for, or a path to a model's or a style's file: `anime`, `anime-m` for one
    /// size of it, `cute`, `drawn-m`, `own/watercolour.json`.
    ///
    /// - Throws: ``PaintingError`` when there is nothing of this name, or a style file cannot be used or lacks its network.
    public func style(_ name: String) throws(PaintingError) -> FoundStyle {
        if name.hasSuffix(StyleFile.ending) { return try found(StyleFile(path: name), size: nil) }
        if !name.contains("/"), !name.hasSuffix(Self.modelEnding) {
            let files = styleFiles()
            if let file = files.first(where: { $0.name == name }) {
                return try found(StyleFile(path: file.path), size: nil)
            }
            if let size = ModelSize(ofModel: name), let file = files.first(where: { $0.name == name.dropLast(2) }) {
                return try found(StyleFile(path: file.path), size: size)
            }
            let sizes = sizes(of: name)
            if !sizes.isEmpty { return FoundStyle(models: Self.sorted(sizes), file: nil) }
        }
        return FoundStyle(models: [(nil, try path(of: name))], file: nil)
    }

    /// The models that paint a drawn style.
    ///
    /// - Throws: ``PaintingError`` when there is none.
    public func networks(of file: StyleFile) throws(PaintingError) -> [(size: ModelSize?, path: String)] {
        let network = file.style.network
        let sizes = sizes(of: network)
        if !sizes.isEmpty { return Self.sorted(sizes) }
        if let path = self.file(network) { return [(ModelSize(ofModel: network), path)] }
        throw PaintingError(
            "\(file.path): its network is '\(network)', and there is no \(network)-s, \(network)-m or "
                + "\(network)-l\(Self.modelEnding) in \(folders.joined(separator: ", "))")
    }

    private func found(_ file: StyleFile, size: ModelSize?) throws(PaintingError) -> FoundStyle {
        let networks = try networks(of: file)
        guard let size else { return FoundStyle(models: networks, file: file) }
        guard let model = networks.first(where: { $0.size == size }) else {
            throw PaintingError("there is no \(file.style.network)-\(size.rawValue) for the style '\(file.name)'")
        }
        // One model was named, and so it is the only one.
        return FoundStyle(models: [(nil, model.path)], file: file)
    }

    private static func sorted(_ sizes: [ModelSize: String]) -> [(size: ModelSize?, path: String)] {
        sizes.sorted { $0.key < $1.key }.map { (size: $0.key, path: $0.value) }
    }
}
