import Imaging

/// A picture with all that its files say about it.
public struct PictureDescription: Equatable, Sendable {
    /// The picture.
    public let picture: Picture
    /// When the photo was taken; nil when the clock was not believed, or the photo does not say.
    public let taken: PictureTime?
    /// Styles that wait to be painted, the one that it was taken for first; that one is "" when the photo does not say.
    public let waiting: [String]
    /// Why the styles of ``Picture/failed`` could not be painted, in their order; "" where nobody wrote it down.
    public let reasons: [String]
}

/// A part of the album, the newest picture first.
public struct AlbumPage: Equatable, Sendable {
    /// The pictures.
    public let pictures: [PictureDescription]
    /// The number before which the following page begins; nil when there is none.
    public let next: Int?
    /// All pictures that fit.
    public let count: Int
}

extension Album {
    /// A page of the pictures that fit.
    ///
    /// - Parameters:
    ///   - number: Only pictures with smaller numbers are on it; nil for all.
    ///   - limit: The most pictures.
    ///   - style: Only pictures that are painted in this style; nil for all.
    ///   - isPinned: Only pictures that are pinned, or all.
    /// - Returns: The page.
    public func page(
        before number: Int? = nil, limit: Int, style: String? = nil, isPinned: Bool = false
    ) async -> AlbumPage {
        let fitting = index.entries.filter { entry in
            (!isPinned || entry.isPinned) && (style.map { entry[$0].hasPicture } ?? true)
        }
        let before = number.map { most in fitting.prefix { $0.number < most } } ?? fitting[...]
        let shown = before.suffix(max(limit, 0))
        await learn(shown.reversed().map(\.number))
        return AlbumPage(
            pictures: shown.reversed().compactMap { known($0.number) },
            next: shown.count < before.count ? shown.first?.number : nil, count: fitting.count)
    }

    /// A picture with what its files say; nil when there is none of this number.
    public func description(of number: Int) async -> PictureDescription? {
        await learn([number])
        return known(number)
    }

    /// A picture with what is known of it; what was never read counts as not said.
    private func known(_ number: Int) -> PictureDescription? {
        guard let entry = index[number] else { return nil }
        let picture = Picture(entry, folder: folder)
        let reasons = picture.failed.map { self.reasons[PictureName(number, .failed($0)).text] ?? "" }
        return PictureDescription(
            picture: picture, taken: entry.taken ?? nil, waiting: entry.waiting, reasons: reasons)
    }

    /// Where a picture file is, a preview or a thumbnail among them; nil for every other name.
    ///
    /// - Parameter name: Any text. It is looked up; no path is made of it.
    /// - Returns: The path.
    public func path(ofFile name: String) -> String? {
        guard let known = PictureName(name), let part = known.part, let entry = index[known.number]?[part] else {
            return nil
        }
        let isThere =
            switch known.content {
            case .picture: entry.hasPicture
            case .preview: entry.hasPreview
            case .thumbnail: entry.hasThumbnail
            case .wanted, .failed, .pin, .gone, .temporary: false
            }
        return isThere ? place.path(of: known.text) : nil
    }

    /// The names of photos and anime pictures, of all pictures or of those with the numbers, the oldest first.
    public func fileNames(of numbers: [Int]? = nil) -> [String] {
        let wanted = numbers.map(Set.init)
        return index.entries.filter { wanted?.contains($0.number) ?? true }.flatMap { entry in
            entry.parts.filter(\.hasPicture).map { PictureName(entry.number, .picture($0.name)).text }
        }
    }

    /// Sets how many pictures are kept at most from now on; nil for as many as the disk takes. It waits for no disk.
    public nonisolated func keep(atMost count: Int?) { mostPictures.withLock { $0 = count } }
}
