extension Album {
    /// Makes the previews and thumbnails that a picture lacks, its photo's and its anime pictures', one after the other.
    ///
    /// Other work is not held up meanwhile. They can be made again, so that only their content is brought to the disk
    /// before they get their names: a power cut may take one, but leaves none that is damaged.
    ///
    /// - Throws: When there is no such picture, a file of it is damaged, or the disk refuses. What was made until then
    ///   stays.
    public func makeRenditions(of number: Int) async throws(AlbumError) {
        try checkWritable()
        guard let entry = index[number] else { throw noPicture(number) }
        var first: AlbumError?
        for part in entry.parts where part.hasPicture && !part.hasRenditions {
            do throws(AlbumError) {
                try await makeRenditions(of: number, part)
            } catch {
                // A damaged photo must not keep its anime pictures from having theirs.
                if first == nil { first = error }
            }
        }
        if let first { throw first }
    }

    private func makeRenditions(of number: Int, _ part: AlbumIndex.Part) async throws(AlbumError) {
        let made = try await darkroom.develop(
            PictureName(number, .picture(part.name)).text, in: place, previewSide: options.previewSide,
            thumbnailSide: options.thumbnailSide)
        // The picture may have been deleted or replaced meanwhile, or somebody else made them.
        try checkWritable()
        guard let now = index[number], now[part.name].hasPicture, now[part.name].version == part.version,
            !now[part.name].hasRenditions
        else { return }
        try write(made.preview, PictureName(number, .preview(part.name)).text)
        change(number, part.name) { $0.hasPreview = true }
        try write(made.thumbnail, PictureName(number, .thumbnail(part.name)).text)
        change(number, part.name) { $0.hasThumbnail = true }
        try tell(number) { .changed($0) }
    }

    private func write(_ bytes: [UInt8], _ name: String) throws(AlbumError) {
        do throws(FileFailure) {
            try place.place(try place.prepare(bytes, for: name), as: name)
        } catch {
            leftOver.insert(PictureName.temporary(for: name))
            removeLeftOver()
            throw AlbumError(error, "\(name) cannot be written to \(folder)")
        }
    }
}
