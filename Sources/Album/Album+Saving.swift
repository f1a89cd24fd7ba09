import Glibc
import Imaging

extension Album {
    /// No photo was taken with this program before 2025: such a clock was never set.
    private static var earliestTime: Int { 1_735_689_600 }

    /// Saves a photo under a new number. It is on the disk when this returns.
    ///
    /// Its EXIF block gets the number, the style that it was taken for and the time; a time that cannot be believed is
    /// marked so. What the camera noted stays, and so does every pixel.
    ///
    /// - Parameters:
    ///   - jpeg: A JPEG file.
    ///   - style: The style that it is to be painted in; "" leaves that open.
    ///   - taken: When it was taken.
    /// - Returns: The picture.
    /// - Throws: When it is no JPEG picture, or cannot be written; nothing is left of it then.
    public func savePhoto(_ jpeg: [UInt8], style: String, taken: ShotTime) throws(AlbumError) -> Picture {
        try checkWritable()
        if !style.isEmpty { try check(style: style) }
        try check(jpeg, "the photo")
        let number: Int
        do throws(FileFailure) {
            number = try reserveNumber()
        } catch {
            throw error.code == EOVERFLOW
                ? AlbumError(.invalid, "\(folder) has a file with the largest possible number, so there is no next one")
                : AlbumError(error, "a new photo cannot be written to \(folder)")
        }
        let isTrusted = isBelievable(taken)
        let notes = PhotoNotes(number: number, style: style, taken: taken.pictureTime, isTimeTrusted: isTrusted)
        let pieces = notes.pieces(ofJPEG: jpeg)
        try write(pieces, ofPhoto: number)
        if isTrusted { newestTime = max(newestTime ?? 0, taken.seconds) }
        var entry = AlbumIndex.Entry(number: number)
        entry[PictureName.photo].hasPicture = true
        entry.firstStyle = style
        // The notes are at the file's beginning; the largest block is 64 KB.
        entry.note(PhotoNotes(ofJPEG: Array(pieces.joined().prefix(160 << 10))) ?? PhotoNotes())
        entry.photoBytes = pieces.reduce(0) { $0 + $1.count }
        index[number] = entry
        return try tell(number) { .photoSaved($0) }
    }

    private func write(_ pieces: [ArraySlice<UInt8>], ofPhoto number: Int) throws(AlbumError) {
        let name = PictureName(number, .picture(PictureName.photo)).text
        do throws(FileFailure) {
            let temporary: String
            do throws(FileFailure) {
                temporary = try place.prepare(pieces, for: name)
            } catch {
                leftOver.insert(PictureName.temporary(for: name))
                throw error
            }
            // From here on the number has been seen, whatever happens.
            reserved = nil
            do throws(FileFailure) {
                try place.place(temporary, as: name)
                try place.sync()
            } catch {
                leftOver.formUnion([temporary, name])
                throw error
            }
        } catch {
            removeLeftOver()
            throw AlbumError(error, "\(name) cannot be written to \(folder)")
        }
        leftOver.subtract([name, PictureName.temporary(for: name)])
    }

    /// Saves an anime picture in place of an earlier one of the same style. It is on the disk when this returns, and the
    /// wish for it is gone.
    ///
    /// - Returns: The picture.
    /// - Throws: When there is no such photo, the style cannot be part of a name, it is no JPEG picture, or it cannot be
    ///   written; an earlier picture and the wish are still there then.
    public func saveAnime(_ jpeg: [UInt8], of number: Int, style: String) throws(AlbumError) -> Picture {
        try checkWritable()
        try check(style: style)
        try check(jpeg, "the anime picture of \(PictureName.digits(number))")
        guard index[number] != nil else { throw noPicture(number) }
        let name = PictureName(number, .picture(style)).text
        do throws(FileFailure) {
            try removeRenditions(of: number, style)
            // Deleting the picture from now on looks for the file, even if its name only half arrived.
            change(number, style) { $0.version += 1 }
            try place.put(jpeg, as: name)
            change(number, style) { part in
                if part.hasPicture { part.replacements += 1 }
                part.hasPicture = true
            }
        } catch {
            leftOver.insert(PictureName.temporary(for: name))
            removeLeftOver()
            throw AlbumError(error, "\(name) cannot be written to \(folder)")
        }
        leftOver.remove(PictureName.temporary(for: name))
        // The picture is safe. A mark that outlives a power cut costs one painting more, so nothing is synced.
        for content in [PictureName.Content.wanted(style), .failed(style)] { forget(PictureName(number, content)) }
        return try tell(number) { .animeSaved($0, style: style) }
    }

    /// Previews of a picture that is to be replaced must not outlive it.
    private func removeRenditions(of number: Int, _ style: String) throws(FileFailure) {
        guard let part = index[number]?[style], part.hasPreview || part.hasThumbnail else { return }
        try place.remove(PictureName(number, .preview(style)).text)
        try place.remove(PictureName(number, .thumbnail(style)).text)
        change(number, style) { part in
            part.hasPreview = false
            part.hasThumbnail = false
        }
        try place.sync()
    }

    /// Removes a mark, if not now then later.
    func forget(_ name: PictureName) {
        guard let style = name.part, let part = index[name.number]?[style] else { return }
        let isWish = name.content == .wanted(style)
        guard isWish ? part.isWanted : part.isFailed else { return }
        if (try? place.remove(name.text)) == nil { leftOver.insert(name.text) }
        reasons[name.text] = nil
        change(name.number, style) { part in
            if isWish { part.isWanted = false } else { part.isFailed = false }
            if isWish { part.wish = nil }
        }
    }

    func change(_ number: Int, _ part: String, _ change: (inout AlbumIndex.Part) -> Void) {
        guard var entry = index[number] else { return }
        change(&entry[part])
        index[number] = entry
    }

    // MARK: What can be kept

    func check(style: String) throws(AlbumError) {
        do throws(StyleName.Refusal) {
            _ = try StyleName(style)
        } catch {
            throw AlbumError(.invalid, "\(error)")
        }
    }

    private func check(_ jpeg: [UInt8], _ name: String) throws(AlbumError) {
        do throws(PictureError) {
            _ = try JPEGReader(.bytes(jpeg, name: name))
        } catch {
            throw AlbumError(.invalid, error.phrase)
        }
    }

    /// Whether a time is neither before this program nor before the newest photo.
    private func isBelievable(_ time: ShotTime) -> Bool {
        guard time.isTrusted, time.seconds >= Self.earliestTime else { return false }
        if newestTime == nil, let newest = index.entries.last {
            let path = place.path(of: PictureName(newest.number, .picture(PictureName.photo)).text)
            newestTime = try? place.files.status(path).modified
        }
        // Time servers move clocks by a little.
        return time.seconds + 60 >= newestTime ?? 0
    }
}

extension ShotTime {
    /// The time in the machine's time zone; nil when it is before the year 1 or after 9999.
    var pictureTime: PictureTime? {
        var seconds = time_t(seconds)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return nil }
        let minutes = Int(parts.tm_gmtoff) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let offset = (minutes < 0 ? "-" : "+") + two(abs(minutes) / 60) + ":" + two(abs(minutes) % 60)
        return PictureTime(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec), offset: offset)
    }
}

extension PictureError {
    /// The sentence without its full stop.
    var phrase: String {
        description.hasSuffix(".") ? String(description.dropLast()) : description
    }
}
