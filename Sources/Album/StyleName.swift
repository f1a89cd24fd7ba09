/// The name of a style, as pictures are named after it: "0042-cute.jpg".
///
/// It is checked once, here, by whoever lets a style in: a model's file, an import, the album. What has such a name can be
/// painted, wished for and found again.
public struct StyleName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// The most letters of a name.
    public static let longest = 32

    /// Why a text cannot be the name of a style.
    public struct Refusal: Error, Equatable, CustomStringConvertible {
        /// The text, as one line that is not too long: it may come from anywhere.
        public let text: String
        /// What is possible, as the end of a sentence without a full stop.
        public let possible: String

        /// The sentence, without a full stop.
        public var description: String { "the style '\(text)' cannot be part of a name: \(possible)" }
    }

    /// - Parameters:
    ///   - text: 1 to `longest` of a-z, 0-9 and "-"; not "photo", which stands for the photo itself, and not with the
    ///     endings that previews and thumbnails have.
    ///   - longest: The most letters where more are to be put behind it.
    /// - Throws: ``Refusal`` with a sentence that says what is possible.
    public init(_ text: some StringProtocol, longest: Int = Self.longest) throws(Refusal) {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }
        let isTaken =
            text == PictureName.photo || text.hasSuffix(PictureName.previewEnding)
            || text.hasSuffix(PictureName.thumbnailEnding)
        guard isPlain, !text.isEmpty, text.utf8.count <= longest, !isTaken else {
            let line = text.unicodeScalars.prefix(40).map { $0.properties.generalCategory == .control ? " " : $0 }
            throw Refusal(
                text: String(String.UnicodeScalarView(line)),
                possible: "1 to \(longest) of a-z, 0-9 and - are possible, not '\(PictureName.photo)' and not with "
                    + "\(PictureName.previewEnding) or \(PictureName.thumbnailEnding) at the end")
        }
        self.text = String(text)
    }

    /// The name.
    public var description: String { text }
}
