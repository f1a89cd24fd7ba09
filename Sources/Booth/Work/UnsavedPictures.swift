import Album

/// A photo that is in hand.
package struct TakenPhoto: Equatable, Sendable {
    package let jpeg: [UInt8]
    package let style: String
    package let taken: ShotTime

    package init(_ jpeg: [UInt8], style: String, taken: ShotTime) {
        self.jpeg = jpeg
        self.style = style
        self.taken = taken
    }
}

/// What is made but could not be written, in the order in which it came. It is not acknowledged yet.
///
/// One is saved at a time: it is taken out before the disk is waited for, so that nobody else saves or drops it, and
/// comes back to the front when that fails.
package struct UnsavedPictures: Sendable {
    package enum Item: Equatable, Sendable {
        case photo(TakenPhoto)
        case anime([UInt8], PaintingJob)
    }

    private var waiting: [Item] = []
    private var inHand: Item?

    package init() {}

    /// How many there are, the one that is being saved included.
    package var count: Int { waiting.count + (inHand == nil ? 0 : 1) }

    package var isEmpty: Bool { count == 0 }

    /// Whether an anime picture is among them.
    package var holdsPainting: Bool {
        (waiting + [inHand].compactMap(\.self)).contains { if case .anime = $0 { true } else { false } }
    }

    package mutating func append(_ item: Item) { waiting.append(item) }

    /// Takes the first one out to save it; nil when there is none, or one is being saved.
    package mutating func take() -> Item? {
        guard inHand == nil, !waiting.isEmpty else { return nil }
        inHand = waiting.removeFirst()
        return inHand
    }

    /// The one that was taken out is saved, or can never be.
    package mutating func finish() { inHand = nil }

    /// The one that was taken out could not be saved.
    package mutating func putBack() {
        if let inHand { waiting.insert(inHand, at: 0) }
        inHand = nil
    }
}
