import Imaging

/// What is in the folder, by the names of its files alone.
struct AlbumIndex: Sendable {
    /// The photo or a style of a picture, with everything that the folder has of it.
    struct Part: Sendable {
        let name: String
        var hasPicture = false
        var hasPreview = false
        var hasThumbnail = false
        var isWanted = false
        var isFailed = false
        /// How it is wished; nil until somebody asked.
        var wish: PaintingWish?
        /// How often an anime picture took the place of another one since the album was opened.
        var replacements = 0
        /// Grows with every replacement, so that a preview of an earlier picture is told apart.
        var version = 0

        var hasRenditions: Bool { hasPreview && hasThumbnail }
    }

    /// One picture.
    struct Entry: Sendable {
        let number: Int
        var parts: [Part] = []
        var isPinned = false
        /// The style that the photo was taken for; nil until somebody asked, "" when the photo does not say.
        var firstStyle: String?
        /// nil until somebody asked; a nil inside when the photo does not say it.
        var taken: PictureTime??
        /// nil until somebody asked.
        var photoBytes: Int?

        init(number: Int) {
            self.number = number
        }

        /// What the folder has of the photo or a style; something new when it has nothing yet.
        subscript(part: String) -> Part {
            get { parts.first { $0.name == part } ?? Part(name: part) }
            set {
                if let place = parts.firstIndex(where: { $0.name == part }) {
                    parts[place] = newValue
                } else {
                    parts.append(newValue)
                }
            }
        }

        /// Whether there is no anime picture.
        var isUnpainted: Bool { !parts.contains { $0.name != PictureName.photo && $0.hasPicture } }
        var hasFailures: Bool { parts.contains(where: \.isFailed) }
        var hasWishes: Bool { parts.contains(where: \.isWanted) }

        /// Whether the photo has still to be painted in the style that it was taken for; nil where only the photo can tell.
        var waitsForFirst: Bool? {
            guard isUnpainted else { return false }
            if !hasFailures { return true }
            // A photo that does not say its style was tried in the one that happened to be set.
            return firstStyle.map { !$0.isEmpty && !self[$0].isFailed }
        }

        /// The styles that wait to be painted, as far as they are known, the one that the photo was taken for first; that
        /// one is "" when the photo does not say, or was not asked.
        var waiting: [String] {
            let wanted = parts.filter(\.isWanted).map(\.name).sorted()
            guard waitsForFirst == true else { return wanted }
            let first = firstStyle ?? ""
            return [first] + wanted.filter { $0 != first }
        }

        /// The names of all files that the picture can have, the photo's first.
        var names: [PictureName] {
            let ofParts = parts.flatMap { part in
                let isPhoto = part.name == PictureName.photo
                let contents: [PictureName.Content] = [.picture(part.name), .preview(part.name), .thumbnail(part.name)]
                return isPhoto ? contents : contents + [.wanted(part.name), .failed(part.name)]
            }
            return (ofParts + [.pin]).map { PictureName(number, $0) }
        }
    }

    /// The pictures in the order of their numbers. Only what has a photo is a picture.
    private(set) var entries: [Entry] = []
    /// The largest number of any of the album's files, temporaries and files without a photo included.
    private(set) var highest = 0

    init() {}

    /// Makes the index from all of the album's names, in any order.
    init(_ names: some Sequence<PictureName>) {
        var found: [Int: Entry] = [:]
        var gone: Set<Int> = []
        for name in names {
            highest = max(highest, name.number)
            if name.content == .gone { gone.insert(name.number) }
            found[name.number, default: Entry(number: name.number)].note(name.content)
        }
        entries = found.values.filter { $0[PictureName.photo].hasPicture && !gone.contains($0.number) }
            .sorted { $0.number < $1.number }
    }

    subscript(number: Int) -> Entry? {
        get { place(of: number).map { entries[$0] } }
        set {
            let place = place(of: number)
            switch (place, newValue) {
            case (let place?, let entry?): entries[place] = entry
            case (let place?, nil): entries.remove(at: place)
            case (nil, let entry?): insert(entry)
            case (nil, nil): break
            }
        }
    }

    /// The pictures before a number, the newest first.
    func newest(before number: Int, limit: Int) -> [Entry] {
        entries[..<lowerBound(of: number)].suffix(max(limit, 0)).reversed()
    }

    private mutating func insert(_ entry: Entry) {
        highest = max(highest, entry.number)
        entries.insert(entry, at: lowerBound(of: entry.number))
    }

    private func place(of number: Int) -> Int? {
        let place = lowerBound(of: number)
        return place < entries.count && entries[place].number == number ? place : nil
    }

    /// The place of the first entry whose number is not below `number`.
    private func lowerBound(of number: Int) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension AlbumIndex.Entry {
    fileprivate mutating func note(_ content: PictureName.Content) {
        switch content {
        case .picture(let part): self[part].hasPicture = true
        case .preview(let part): self[part].hasPreview = true
        case .thumbnail(let part): self[part].hasThumbnail = true
        case .wanted(let style): self[style].isWanted = true
        case .failed(let style): self[style].isFailed = true
        case .pin: isPinned = true
        case .gone, .temporary: break
        }
    }
}
