extension Album {
    /// Copies all photos and anime pictures to another folder, which is made where there is none.
    ///
    /// Each copy is brought to the disk, read back from it and compared before it gets its name. A copy that is there
    /// already is compared and left as it is, so that an interrupted export is taken up by asking for it again. Files
    /// with the same names and other content are left alone. The album can be used meanwhile.
    ///
    /// - Parameters:
    ///   - target: The other folder.
    ///   - progress: Called with the pictures that are done and all pictures.
    /// - Returns: How many pictures are in the other folder with all their files.
    /// - Throws: When the other folder cannot be written to, a copy is not equal to what was copied, or other files have
    ///   the names, at the end then.
    public nonisolated func export(
        to target: String, progress: @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) async throws(AlbumError) -> Int {
        let numbers = await numbers
        let courier = try await Courier(from: place, to: target)
        var copied = 0
        for (done, number) in numbers.enumerated() {
            if Task.isCancelled {
                throw AlbumError(
                    .inputOutput, "the export to \(target) was stopped after \(done) of \(numbers.count) pictures")
            }
            // What was deleted meanwhile is not copied.
            if let names = await pictureNames(of: number), try await courier.copy(names) { copied += 1 }
            progress(done + 1, numbers.count)
        }
        try await courier.finish()
        return copied
    }

    private var numbers: [Int] { index.entries.map(\.number) }

    private func pictureNames(of number: Int) -> [String]? {
        index[number].map { entry in
            entry.parts.filter(\.hasPicture).map { PictureName(number, .picture($0.name)).text }
        }
    }
}
