import Album
import Booth
import Devices
import Glibc
import Imaging
import Painting
import Web

extension PictureEntry {
    /// A photo that does not say its style waits for `standardStyle`.
    init(_ description: PictureDescription, standardStyle: String) {
        let picture = description.picture
        func files(_ part: String, _ style: String?) -> PictureFiles {
            PictureFiles(
                number: picture.number, style: style, hasPreview: picture.hasThumbnails(part),
                edition: picture.replacements(part))
        }
        self.init(
            number: picture.number, taken: description.taken.map { Timestamp.text($0) }, isPinned: picture.isPinned,
            photo: files("photo", nil), anime: picture.styles.map { files($0, $0) },
            waiting: description.waiting.map { $0.isEmpty ? standardStyle : $0 },
            failed: zip(picture.failed, description.reasons).map { Failure(style: $0, reason: $1) })
    }
}

extension StateEntry {
    init(_ state: BoothState) {
        switch state.phase {
        case .ready: self.init(state.isConverting ? .converting : .ready)
        case .counting: self.init(.counting, countdown: state.beatsLeft)
        case .capturing: self.init(.capturing)
        // While it starts there are no frames yet.
        case .starting, .noCamera: self.init(.noCamera)
        case .diskLow: self.init(.diskLow)
        case .faulty: self.init(.error)
        case .stopping, .stopped: self.init(.stopping)
        }
    }
}

extension StageTimes {
    init(_ report: Painter.Report) {
        func milliseconds(_ duration: Duration) -> Double {
            let all = duration.components
            return (Double(all.seconds) * 10_000 + Double(all.attoseconds / 100_000_000_000_000)) / 10
        }
        self.init(
            time: Timestamp.now, see: milliseconds(report.see), faces: milliseconds(report.faces),
            decode: milliseconds(report.decode + report.resize), network: milliseconds(report.run),
            enlarge: milliseconds(report.enlarge), encode: milliseconds(report.encode))
    }
}

extension SettingsChange {
    /// As they are written down.
    var values: [SettingKey: String] {
        var values: [SettingKey: String] = [:]
        values[.style] = style
        values[.countdown] = countdown.map { "\($0)" }
        values[.faces] = faces?.rawValue
        values[.uploads] = uploads.map { "\($0)" }
        switch size {
        case .pixels(let side): values[.size] = "\(side)"
        case .full: values[.size] = "full"
        case nil: break
        }
        switch keepPictures {
        case .most(let count): values[.mostPictures] = "\(count)"
        case .all: values[.mostPictures] = "all"
        case nil: break
        }
        return values
    }
}

extension AnimeFaces {
    init(_ faces: Painter.Faces) {
        self =
            switch faces {
            case .auto: .auto
            case .off: .off
            case .only: .only
            }
    }

    var paintingFaces: PaintingFaces {
        switch self {
        case .auto: .auto
        case .off: .off
        case .only: .only
        }
    }
}

extension PaintingWish {
    init(_ wish: AnimeWish) {
        self.init(
            size: wish.size?.paintingSize, faces: wish.faces?.paintingFaces, hair: wish.hair.map { PaintingColour($0) },
            eyes: wish.eyes.map { PaintingColour($0) })
    }
}

extension PaintingColour {
    init(_ colour: AnimeColour) { self = Self(rawValue: colour.rawValue) ?? .photo }
}

extension AnimeSize {
    var painterSize: Painter.Size { .init(paintingSize) }

    var paintingSize: PaintingSize {
        switch self {
        case .pixels(let side): .longestSide(side)
        case .full: .full
        }
    }
}

extension Refusal {
    init(_ error: BoothError) {
        let kind: Kind =
            switch error.kind {
            case .invalid: .invalid
            case .notFound: .notFound
            case .exists: .exists
            case .busy: .busy
            case .full: .full
            }
        self.init(kind, Self.sentence(error.description))
    }

    init(_ error: AlbumError) {
        let kind: Kind =
            switch error.kind {
            case .full: .full
            case .notFound: .notFound
            case .invalid: .invalid
            case .readOnly, .inputOutput: .failed
            }
        self.init(kind, Self.sentence(error.description))
    }

    private static func sentence(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
    }
}

/// Runs what an album does; its errors become refusals.
func refusing<Result: Sendable>(_ body: () async throws(AlbumError) -> Result) async throws(Refusal) -> Result {
    do throws(AlbumError) { return try await body() } catch { throw Refusal(error) }
}

/// Times as RFC 3339 writes them.
enum Timestamp {
    /// Now, in UTC; nil when nothing keeps the machine's clock right.
    static var now: String? {
        guard ClockTrust.isSynchronized else { return nil }
        var (seconds, parts) = (time(nil), tm())
        guard gmtime_r(&seconds, &parts) != nil else { return nil }
        let date = PictureTime(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
        return date.map { text($0) }
    }

    /// A time of a photo; one that does not say its distance from UTC counts as UTC.
    static func text(_ time: PictureTime) -> String {
        let halves = time.text.split(separator: " ")
        let date = halves[0].split(separator: ":").joined(separator: "-")
        return "\(date)T\(halves.last ?? "")\(time.offset ?? "Z")"
    }
}

/// The photo that all styles show what they do with.
enum StyleSample {
    /// The photo beside the models; a drawn scene where there is none.
    static func photo(of library: ModelLibrary) -> PictureInput {
        for folder in library.folders where access("\(folder)/sample.jpg", R_OK) == 0 {
            return .file(path: "\(folder)/sample.jpg")
        }
        let scene = TestScene.image(width: 320, height: 240, phase: 0)
        return .bytes((try? scene.jpeg()) ?? [], name: "the sample")
    }
}
