import Imaging
import Platform

/// Reads what the album's files say about their pictures, on a thread of its own: the album's is free to save.
actor ReadingRoom {
    /// What is to be found out about a picture.
    struct Question: Sendable {
        let number: Int
        let wantsNotes: Bool
        let wantsBytes: Bool
        /// The styles whose reasons for failing are wanted.
        let failures: [String]
    }

    struct Answer: Sendable {
        let number: Int
        /// nil where it was not asked for, or the photo cannot be read.
        var notes: PhotoNotes?
        var photoBytes: Int?
        /// Why styles failed; "" where nobody wrote it down.
        var reasons: [String: String] = [:]
    }

    private nonisolated let executor = ThreadExecutor(name: "reading room", niceness: 5)

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func read(_ questions: [Question], in place: AlbumFolder) -> [Answer] {
        questions.map { question in
            var answer = Answer(number: question.number)
            if question.wantsNotes { answer.notes = place.photoNotes(of: question.number) }
            if question.wantsBytes { answer.photoBytes = place.photoBytes(of: question.number) }
            for style in question.failures {
                answer.reasons[style] = place.reason(ofFailure: style, of: question.number)
            }
            return answer
        }
    }
}

extension AlbumFolder {
    /// What a photo says about itself; nil when it cannot be read.
    func photoNotes(of number: Int) -> PhotoNotes? {
        // The notes are at the file's beginning; the largest block is 64 KB.
        let name = PictureName(number, .picture(PictureName.photo)).text
        guard let bytes = try? read(name, most: 160 << 10) else { return nil }
        return PhotoNotes(ofJPEG: bytes) ?? PhotoNotes()
    }

    /// Bytes of a photo; nil when it cannot be looked at.
    func photoBytes(of number: Int) -> Int? {
        try? files.status(path(of: PictureName(number, .picture(PictureName.photo)).text)).bytes
    }

    /// Why a style could not be painted; "" where nobody wrote it down.
    fileprivate func reason(ofFailure style: String, of number: Int) -> String {
        let text = (try? read(PictureName(number, .failed(style)).text, most: 2000)) ?? []
        return String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
