import Imaging

extension Album {
    /// So many pictures are read in one go; who asks for fewer comes in between.
    private static let portion = 50

    /// Finds out what files say about pictures, as far as it is not known yet. The album saves photos meanwhile, and
    /// pictures may be gone when this returns.
    ///
    /// Whoever asks for the same pictures at the same time shares the reading.
    func learn(_ numbers: [Int]) async {
        var rest = numbers.filter { question($0) != nil }[...]
        while !rest.isEmpty {
            let portion = rest.prefix(Self.portion)
            rest = rest.dropFirst(Self.portion)
            let questions = portion.filter { studies[$0] == nil }.compactMap { question($0) }
            if !questions.isEmpty {
                let study = Task {
                    for answer in await readingRoom.read(questions, in: place) { note(answer) }
                    for question in questions { studies[question.number] = nil }
                }
                for question in questions { studies[question.number] = study }
            }
            for number in portion { await studies[number]?.value }
        }
    }

    /// What is not known about a picture; nil when that is nothing.
    private func question(_ number: Int) -> ReadingRoom.Question? {
        guard let entry = index[number] else { return nil }
        let failures = entry.parts.filter { $0.isFailed && reasons[PictureName(number, .failed($0.name)).text] == nil }
        let wantsNotes = entry.taken == nil || entry.isUnpainted && entry.firstStyle == nil
        guard wantsNotes || entry.photoBytes == nil || !failures.isEmpty else { return nil }
        return ReadingRoom.Question(
            number: number, wantsNotes: wantsNotes, wantsBytes: entry.photoBytes == nil,
            failures: failures.map(\.name))
    }

    private func note(_ answer: ReadingRoom.Answer) {
        guard var entry = index[answer.number] else { return }
        if let notes = answer.notes { entry.note(notes) }
        entry.photoBytes = entry.photoBytes ?? answer.photoBytes
        index[answer.number] = entry
        for (style, reason) in answer.reasons where entry[style].isFailed {
            let name = PictureName(answer.number, .failed(style)).text
            // It may have failed once more, for another reason.
            if reasons[name] == nil { reasons[name] = reason }
        }
    }
}

extension AlbumIndex.Entry {
    /// Takes over what the photo says about itself.
    mutating func note(_ notes: PhotoNotes) {
        if firstStyle == nil { firstStyle = (try? StyleName(notes.style))?.text ?? "" }
        if taken == nil { taken = .some(notes.isTimeTrusted ? notes.taken : nil) }
    }
}
