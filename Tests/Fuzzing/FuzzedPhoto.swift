@testable import Imaging

/// A foreign photo, through all that is done to it before it is painted: its rows, its EXIF block, and the notes that it
/// gets.
enum FuzzedPhoto {
    // As small as leaves something to find: instrumented decoding is slow.
    private static let limits = PictureLimits(pixels: 1 << 18, side: 2048, scanBytes: 4 << 20, inputBytes: 1 << 20)
    private static let notes = PhotoNotes(number: 42, style: "cute")

    /// A JPEG file.
    static func read(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        let bytes = Array(input)
        let side = [nil, 1, 40, 300][bytes.count % 4]
        var picture: RGBImage?
        do throws(PictureError) {
            picture = try rows(bytes, side, bandBytes: 8 << 20)
        } catch {
            Fuzzing.requireSentence(error.description)
        }
        if let picture {
            // Where rows come in another order, the file is gone through for each band: a few of them tell.
            let banded = try? rows(bytes, side, bandBytes: picture.bytes.count / 3 + 1)
            Fuzzing.require(banded == picture, "a picture that depends on how many rows are held")
        }
        let noted = notes.added(toJPEG: bytes)
        let isJPEG = bytes.starts(with: [0xFF, 0xD8])
        let read = PhotoNotes(ofJPEG: noted)
        let isNoted = read?.number == notes.number && read?.style == notes.style
        Fuzzing.require(isJPEG ? isNoted : noted == bytes, "notes that cannot be read")
        return 0
    }

    private static func rows(_ bytes: [UInt8], _ side: Int?, bandBytes: Int) throws(PictureError) -> RGBImage {
        let input = PictureInput.bytes(bytes, name: "photo.jpg")
        return try RGBImage(reading: PictureReader(input, longestSide: side, limits: limits, bandBytes: bandBytes))
    }

    // MARK: EXIF

    /// The content of an EXIF block, in a photo that is sound otherwise.
    static func readExif(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        let block = Array(input.prefix(ExifBlock.mostBytes))
        guard !block.isEmpty else { return 0 }
        let length = block.count + 8
        let marker = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + Array("Exif\0\0".utf8)
        let photo = sound.prefix(2) + marker + block + sound.dropFirst(2)
        let summary = ExifSummary(parsing: block)
        let noted = notes.added(toJPEG: Array(photo))
        let read = PhotoNotes(ofJPEG: noted)
        Fuzzing.require(read?.number == notes.number && read?.style == notes.style, "notes that cannot be read")
        // A time that was there and could not be reached may be found now.
        let exif = (try? JPEGReader(.bytes(noted, name: "photo.jpg"), limits: limits))?.info.exif
        Fuzzing.require(
            exif?.orientation == summary.orientation && (summary.taken == nil || exif?.taken == summary.taken),
            "a photo that lost what its camera said")
        return 0
    }

    private static let sound: [UInt8] = {
        let picture = RGBImage(width: 8, height: 8, red: 200, green: 100, blue: 50)
        return (try? picture.jpeg()) ?? []
    }()
}
