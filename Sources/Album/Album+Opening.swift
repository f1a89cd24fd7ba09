import Glibc
import Imaging

extension Album {
    /// Makes the folder, with the folders above it.
    func makeFolder() throws(AlbumError) {
        var missing: [String] = []
        var path = folder
        do throws(FileFailure) {
            while try !exists(path) {
                missing.append(path)
                guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { break }
                path = String(path[..<slash])
            }
            for path in missing.reversed() { try place.files.makeFolder(path) }
        } catch {
            throw AlbumError(error, "the folder \(folder) cannot be made")
        }
    }

    /// - Throws: ENOTDIR when it is there and no folder.
    private func exists(_ path: String) throws(FileFailure) -> Bool {
        let status: FileStatus
        do throws(FileFailure) {
            status = try place.files.status(path)
        } catch {
            if error.code == ENOENT { return false }
            throw error
        }
        if !status.isFolder { throw FileFailure(ENOTDIR) }
        return true
    }

    /// Makes the index from the folder's names and finishes what was interrupted.
    func readFolder() throws(AlbumError) {
        do throws(FileFailure) {
            let (pictures, others) = try place.names()
            index = AlbumIndex(pictures)
            counter = try readCounter()
            savedCounter = counter
            let temporaries = others.filter(AlbumFolder.isTemporary)
            // A number whose photo was being written was given.
            for name in temporaries.compactMap({ PictureName($0) }) { counter = max(counter, name.number) }
            counter = max(counter, index.highest)
            let isWiped = others.contains(AlbumFolder.wipeMark)
            if access == .readOnly {
                if isWiped { index = AlbumIndex() }
                return
            }
            leftOver = Set(temporaries)
            if isWiped {
                beginWipe()
                // If this fails it is tried again, and nothing is written before it has succeeded.
                try? finishWipe()
            } else {
                finishDeletions(pictures)
            }
        } catch {
            throw AlbumError(error, "the folder \(folder) cannot be read")
        }
        removeLeftOver()
    }

    private func readCounter() throws(FileFailure) -> Int {
        guard let bytes = try place.read(AlbumFolder.counter, most: 64) else { return 0 }
        let digits = bytes.prefix { (0x30...0x39).contains($0) }.prefix(PictureName.mostDigits)
        return Int(String(decoding: digits, as: UTF8.self)) ?? 0
    }

    /// Removes what is left of pictures whose photo has been put aside.
    private func finishDeletions(_ names: [PictureName]) {
        let gone = Set(names.filter { $0.content == .gone }.map(\.number))
        guard !gone.isEmpty else { return }
        var entries: [Int: AlbumIndex.Entry] = [:]
        for name in names where gone.contains(name.number) {
            var entry = entries[name.number] ?? AlbumIndex.Entry(number: name.number)
            if let part = name.part { entry[part] = entry[part] }
            entries[name.number] = entry
        }
        unfinished += entries.values
        finishDeletions()
    }

    /// Tries again to remove what could not be removed before.
    func removeLeftOver() {
        for name in leftOver where (try? place.remove(name)) != nil { leftOver.remove(name) }
    }

    // MARK: The counter

    /// Gives a number that no picture has had, and brings it to the disk first.
    ///
    /// It stays the next one until a photo takes it, so that it can be reserved before the photo is there.
    func reserveNumber() throws(FileFailure) -> Int {
        if let reserved { return reserved }
        let number = counter + 1
        guard number <= PictureName.largestNumber else { throw FileFailure(EOVERFLOW) }
        try save(counter: number)
        counter = number
        reserved = number
        return number
    }

    /// Brings the counter to the disk where it is missing or too small.
    func keepCounter(atLeast number: Int) throws(FileFailure) {
        if savedCounter < number { try save(counter: counter) }
    }

    private func save(counter number: Int) throws(FileFailure) {
        // Where there is a counter, this was done before it was written.
        if savedCounter == 0 { try place.syncOwnName() }
        do throws(FileFailure) {
            try place.put(Array("\(number)\n".utf8), as: AlbumFolder.counter)
        } catch {
            leftOver.insert(PictureName.temporary(for: AlbumFolder.counter))
            throw error
        }
        savedCounter = number
    }

    // MARK: The first style

    /// Whether a photo has still to be painted in the style that it was taken for. Photos are only opened for the answer
    /// where there is no anime picture but a failure, and nobody asked before.
    func waitsForFirst(_ entry: AlbumIndex.Entry) -> Bool {
        if let known = entry.waitsForFirst { return known }
        guard let notes = place.photoNotes(of: entry.number) else { return false }
        var entry = entry
        entry.note(notes)
        index[entry.number] = entry
        return entry.waitsForFirst ?? false
    }
}

extension PictureName {
    /// The photo or the style that the file belongs to.
    var part: String? {
        switch content {
        case .picture(let part), .preview(let part), .thumbnail(let part), .wanted(let part), .failed(let part): part
        case .pin, .gone, .temporary: nil
        }
    }
}
