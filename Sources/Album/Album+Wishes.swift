extension Album {
    /// Wishes a photo in a style, one that it was painted in already included. The wish is on the disk when this
    /// returns, and it is gone once the picture is saved.
    ///
    /// - Parameters:
    ///   - style: The style.
    ///   - number: The photo's number.
    ///   - wish: How it is to be painted.
    /// - Throws: When there is no such photo, the style cannot be part of a name, or the disk refuses: the wish is as
    ///   it was, or as it was asked to be.
    public func request(
        style: String, of number: Int, as wish: PaintingWish = PaintingWish()
    ) async throws(AlbumError) {
        await learn([number])
        try keepFirstWish(of: number, besides: style)
        try mark(number, style, .wanted(style), text: wish.description)
        change(number, style) { part in
            part.isWanted = true
            part.wish = wish
        }
        forget(PictureName(number, .failed(style)))
        try tell(number) { .changed($0) }
    }

    /// How a style is wished; as is set where nothing is wished.
    public func wish(of style: String, _ number: Int) -> PaintingWish {
        guard let part = index[number]?[style], part.isWanted else { return PaintingWish() }
        if let known = part.wish { return known }
        guard let bytes = try? place.read(PictureName(number, .wanted(style)).text, most: PaintingWish.mostBytes) else {
            return PaintingWish()
        }
        let wish = PaintingWish(String(decoding: bytes, as: UTF8.self))
        change(number, style) { $0.wish = wish }
        return wish
    }

    /// Takes a wish back. That is on the disk when this returns. A style that is painted already stays as it is.
    ///
    /// - Parameters:
    ///   - style: The style.
    ///   - number: The photo's number.
    ///   - reason: A sentence for a person, kept where there is no picture of the style.
    /// - Throws: As ``giveUp(style:of:reason:)``.
    public func withdraw(style: String, of number: Int, reason: String) throws(AlbumError) {
        guard let part = index[number]?[style], part.hasPicture else {
            return try giveUp(style: style, of: number, reason: reason)
        }
        try checkWritable()
        let name = PictureName(number, .wanted(style)).text
        do throws(FileFailure) {
            try place.remove(name)
            try place.sync()
        } catch {
            throw AlbumError(error, "\(name) cannot be removed from \(folder)")
        }
        change(number, style) { part in
            part.isWanted = false
            part.wish = nil
        }
        try tell(number) { .changed($0) }
    }

    /// A photo without an anime picture waits for its first style. Should the other style be painted earlier, a mark has
    /// to say that it still waits.
    private func keepFirstWish(of number: Int, besides style: String) throws(AlbumError) {
        try checkWritable()
        guard let entry = index[number], entry.waitsForFirst == true, let first = entry.firstStyle else { return }
        guard (try? StyleName(style)) != nil, !first.isEmpty, first != style, !entry[first].isWanted else { return }
        try mark(number, first, .wanted(first), text: "")
        change(number, first) { $0.isWanted = true }
    }

    /// Notes that a style cannot be painted: it is not pending any more. That is on the disk when this returns.
    ///
    /// - Parameters:
    ///   - style: The style.
    ///   - number: The photo's number.
    ///   - reason: A sentence for a person who looks into the folder.
    /// - Throws: When there is no such photo, the style cannot be part of a name, or the disk refuses.
    public func giveUp(style: String, of number: Int, reason: String) throws(AlbumError) {
        try mark(number, style, .failed(style), text: reason + "\n")
        change(number, style) { $0.isFailed = true }
        reasons[PictureName(number, .failed(style)).text] = String(reason.prefix { $0 != "\n" })
        forget(PictureName(number, .wanted(style)))
        try tell(number) { .changed($0) }
    }

    private func mark(_ number: Int, _ style: String, _ content: PictureName.Content, text: String) throws(AlbumError) {
        try checkWritable()
        try check(style: style)
        guard index[number] != nil else { throw noPicture(number) }
        let name = PictureName(number, content).text
        // A mark of that name that could not be removed is meant again.
        leftOver.remove(name)
        change(number, style) { _ in }
        do throws(FileFailure) {
            try place.put(Array(text.utf8), as: name)
        } catch {
            leftOver.insert(PictureName.temporary(for: name))
            throw AlbumError(error, "\(name) cannot be written to \(folder)")
        }
    }
}
