import Glibc

extension Album {
    // MARK: Pins

    /// Keeps a picture when room has to be made. That is on the disk when this returns.
    public func pin(_ number: Int) throws(AlbumError) {
        try checkWritable()
        guard let entry = index[number] else { throw noPicture(number) }
        if entry.isPinned { return }
        let name = PictureName(number, .pin).text
        do throws(FileFailure) {
            try place.put([], as: name)
        } catch {
            leftOver.insert(PictureName.temporary(for: name))
            throw AlbumError(error, "\(name) cannot be written to \(folder)")
        }
        index[number]?.isPinned = true
        try tell(number) { .changed($0) }
    }

    /// Lets a picture go when room has to be made. That is on the disk when this returns.
    public func unpin(_ number: Int) throws(AlbumError) {
        try checkWritable()
        guard let entry = index[number] else { throw noPicture(number) }
        guard entry.isPinned else { return }
        let name = PictureName(number, .pin).text
        do throws(FileFailure) {
            try place.remove(name)
            try place.sync()
        } catch {
            throw AlbumError(error, "\(name) cannot be removed from \(folder)")
        }
        index[number]?.isPinned = false
        try tell(number) { .changed($0) }
    }

    // MARK: One picture

    /// Deletes a picture, pinned or not, with all that was made from it. It cannot come back once this returns.
    ///
    /// - Throws: When there is no such picture, or the disk refuses. Usually the picture is still there then; ``count`` and
    ///   ``picture(_:)`` say whether it is.
    public func delete(_ number: Int) throws(AlbumError) {
        try checkWritable()
        guard let entry = index[number] else { throw noPicture(number) }
        do throws(FileFailure) {
            try putAside(entry)
        } catch {
            throw AlbumError(error, "picture \(PictureName.digits(number)) cannot be deleted from \(folder)")
        }
        finishDeletions()
    }

    /// Renames the photo, which takes no room on the disk: from then on the picture is gone, and after a power cut its
    /// other files go too.
    private func putAside(_ entry: AlbumIndex.Entry) throws(FileFailure) {
        let photo = place.path(of: PictureName(entry.number, .picture(PictureName.photo)).text)
        let gone = place.path(of: PictureName(entry.number, .gone).text)
        // As long as its file is there it tells its number, and so does every newer picture; afterwards only the counter
        // does. A full disk must not keep others than the newest from being deleted.
        if index.entries.last?.number == entry.number { try keepCounter(atLeast: entry.number) }
        do throws(FileFailure) {
            try place.files.rename(photo, to: gone)
        } catch {
            // A photo that somebody removed by hand: the rest is removed all the same.
            if error.code != ENOENT { throw error }
        }
        do throws(FileFailure) {
            try place.sync()
        } catch {
            if (try? place.files.rename(gone, to: photo)) != nil { throw error }
            drop(entry)
            throw error
        }
        drop(entry)
    }

    private func drop(_ entry: AlbumIndex.Entry) {
        index[entry.number] = nil
        for part in entry.parts { reasons[PictureName(entry.number, .failed(part.name)).text] = nil }
        unfinished.append(entry)
        feed.send(.deleted(entry.number))
    }

    /// Removes what deleted pictures have left, as far as that is possible.
    func finishDeletions() {
        unfinished.removeAll { entry in (try? removeFiles(of: entry)) != nil }
    }

    private func removeFiles(of entry: AlbumIndex.Entry) throws(FileFailure) {
        for name in entry.names { try place.remove(name.text) }
        // The photo that was put aside says that the others have to go: it goes last.
        try place.sync()
        try place.remove(PictureName(entry.number, .gone).text)
    }

    // MARK: Room

    /// Deletes the oldest pictures until there is room for one more, by number and by bytes, and reserves its number.
    /// Pinned pictures stay, and those that have still to be painted.
    ///
    /// Nothing is deleted when that would not be enough.
    ///
    /// - Throws: When there is no room, or the folder cannot be written to: do not take a photo then.
    public func makeRoom() throws(AlbumError) {
        try checkWritable()
        removeLeftOver()
        finishDeletions()
        try makeRoomByCount()
        try makeRoomByBytes()
        do throws(FileFailure) {
            _ = try reserveNumber()
        } catch {
            throw AlbumError(error, "a new photo cannot be written to \(folder)")
        }
    }

    /// Lazy, so that no more photos are asked than pictures are needed.
    private var dispensable: some Sequence<AlbumIndex.Entry> {
        index.entries.lazy.filter { [self] in !$0.isPinned && !$0.hasWishes && !waitsForFirst($0) }
    }

    private func makeRoomByCount() throws(AlbumError) {
        guard let most = mostPictures.withLock({ $0 }), count >= most else { return }
        let excess = count - max(most, 1) + 1
        let oldest = Array(dispensable.prefix(excess))
        guard oldest.count == excess else {
            throw AlbumError(
                .full,
                "\(folder) holds \(count) pictures and may hold \(most), and the others are pinned or not painted yet: unpin or delete some"
            )
        }
        for entry in oldest { try delete(entry.number) }
    }

    private func makeRoomByBytes() throws(AlbumError) {
        let needed = options.leastFreeBytes + options.bytesPerShot
        var free = try freeBytes()
        while free < needed {
            var chosen: [AlbumIndex.Entry] = []
            var gain = 0
            for entry in dispensable {
                if free + gain >= needed { break }
                gain += size(of: entry)
                chosen.append(entry)
            }
            guard free + gain >= needed else { throw noRoom(free, needed, "deleting pictures would not be enough") }
            for entry in chosen { try delete(entry.number) }
            let before = free
            free = try freeBytes()
            // Somebody else fills the disk, or it does not give back what is deleted: deleting more would not help.
            if free < needed, free - before < gain / 2 { throw noRoom(free, needed, "deleting pictures does not help") }
        }
    }

    private func noRoom(_ free: Int, _ needed: Int, _ remark: String) -> AlbumError {
        AlbumError(
            .full,
            "the disk of \(folder) has \(free >> 20) MB free, \(needed >> 20) MB are needed for a photo, and \(remark)")
    }

    private func size(of entry: AlbumIndex.Entry) -> Int {
        entry.names.reduce(0) { $0 + ((try? place.size($1.text)) ?? 0) }
    }

    // MARK: All pictures

    /// Removes all pictures, pinned or not, and looks whether they are gone. Other files stay, and so does the counter.
    ///
    /// An interrupted wipe is finished when the folder is opened again. Flash memory may keep deleted data where only
    /// its maker can read them.
    ///
    /// - Throws: When something cannot be removed.
    public func wipe() throws(AlbumError) {
        try checkWritable()
        do throws(FileFailure) {
            try keepCounter(atLeast: counter)
            do throws(FileFailure) {
                try place.put([], as: AlbumFolder.wipeMark)
            } catch {
                // A full disk must not keep pictures from being removed; without the mark a power cut may leave some.
                leftOver.insert(PictureName.temporary(for: AlbumFolder.wipeMark))
                guard error.code == ENOSPC || error.code == EDQUOT else { throw error }
            }
        } catch {
            // Without its mark the wipe has not begun. A mark that half arrived must not outlive this.
            if (try? place.remove(AlbumFolder.wipeMark)) == nil, hasWipeMark { beginWipe() }
            throw AlbumError(error, "the pictures in \(folder) cannot be removed")
        }
        beginWipe()
        try finishWipe()
    }

    /// Whether the mark is there; a disk that does not say counts as one that has it.
    private var hasWipeMark: Bool {
        do throws(FileFailure) {
            _ = try place.files.status(place.path(of: AlbumFolder.wipeMark))
            return true
        } catch {
            return error.code != ENOENT
        }
    }

    /// From here on there are no pictures, and nothing new is written until the old ones are gone: the mark would take
    /// it along.
    func beginWipe() {
        isWiping = true
        let numbers = index.entries.map(\.number)
        index = AlbumIndex()
        reasons = [:]
        unfinished = []
        feed.send(.wiped(numbers))
    }

    /// Removes all of the album's files except for the counter.
    func finishWipe() throws(AlbumError) {
        guard isWiping else { return }
        do throws(FileFailure) {
            let (pictures, others) = try place.names()
            for name in pictures { try place.remove(name.text) }
            for name in others where AlbumFolder.isTemporary(name) { try place.remove(name) }
            try place.sync()
            guard try place.names().pictures.isEmpty else { throw FileFailure(EBUSY) }
            try place.remove(AlbumFolder.wipeMark)
            try place.sync()
        } catch {
            throw AlbumError(error, "the pictures in \(folder) cannot all be removed")
        }
        leftOver = []
        isWiping = false
    }
}
