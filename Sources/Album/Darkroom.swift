import Imaging
import Platform

/// Makes small pictures, one at a time, on a thread that stands back behind everything else.
actor Darkroom {
    private nonisolated let executor = ThreadExecutor(name: "darkroom", niceness: 10)

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a preview and a thumbnail of the picture in a file.
    ///
    /// - Returns: Two JPEG files, their longest sides at most `previewSide` and `thumbnailSide` pixels.
    func develop(
        _ name: String, in place: AlbumFolder, previewSide: Int, thumbnailSide: Int
    ) throws(AlbumError) -> (preview: [UInt8], thumbnail: [UInt8]) {
        let path = place.path(of: name)
        do throws(PictureError) {
            let preview = try Self.reduced(try Self.input(name, in: place), longestSide: previewSide)
            // From the preview the thumbnail costs a tenth, and at a quarter of the size nobody sees the difference.
            let thumbnail = try Self.reduced(.bytes(preview, name: path), longestSide: thumbnailSide)
            return (preview, thumbnail)
        } catch {
            switch error.reason {
            case .missing: throw AlbumError(.notFound, "\(path) is not there any more")
            case .unreadable(let code): throw AlbumError(FileFailure(code), "\(path) cannot be read")
            default: throw AlbumError(.invalid, error.phrase)
            }
        }
    }

    /// The picture, which flows in from its file where that is a real one: a photo may have 25 MB.
    private static func input(_ name: String, in place: AlbumFolder) throws(PictureError) -> PictureInput {
        let path = place.path(of: name)
        if let file = place.files.realPath(path) { return .file(path: file) }
        let content: [UInt8]?
        do throws(FileFailure) {
            content = try place.read(name, most: PictureLimits.standard.inputBytes)
        } catch {
            throw PictureError(path, .unreadable(systemError: error.code))
        }
        guard let content else { throw PictureError(path, .missing) }
        return .bytes(content, name: path)
    }

    /// The picture with its longest side cut down to `side`; a smaller one keeps its size.
    private static func reduced(_ input: PictureInput, longestSide side: Int) throws(PictureError) -> [UInt8] {
        let size = try JPEGReader(input).info.size
        let reader = try PictureReader(input, longestSide: min(side, max(size.width, size.height)))
        let writer = try JPEGWriter(width: reader.width, height: reader.height, options: .init(quality: 85))
        var row = [UInt8](repeating: 0, count: 3 * reader.width)
        for _ in 0..<reader.height {
            var span = row.mutableSpan
            try reader.readRow(into: &span)
            try writer.writeRow(row.span)
        }
        try writer.finish()
        return writer.bytes
    }
}
