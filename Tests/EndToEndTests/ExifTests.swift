import Imaging
import Testing

@Suite("EXIF of a result")
struct ExifTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func convert(_ photo: [UInt8], _ arguments: String...) throws -> [UInt8] {
        let input = try folder.add("photo.jpg", photo)
        expectSuccess(try animesnap(["convert", input, "-o", folder("anime.jpg")] + arguments))
        return folder.bytes("anime.jpg")
    }

    @Test("a photo from a camera held any way becomes an upright picture", arguments: Orientation.allCases)
    func orientation(_ orientation: Orientation) throws {
        // Dark but for the corner that is stored at the top left.
        let stored = RGBImage(width: 48, height: 32) { x, y in x < 12 && y < 12 ? (250, 250, 250) : (30, 30, 30) }
        let anime = try decode(
            convert(jpeg(stored, exif: ExifBlock(orientation: orientation.rawValue).bytes), "--size", "full"))
        #expect((anime.width, anime.height) == (orientation.swapsSides ? (32, 48) : (48, 32)))
        let (right, bottom) = (anime.width - 5, anime.height - 5)
        let corners = [anime[4, 4], anime[right, 4], anime[right, bottom], anime[4, bottom]]
        let brightest = corners.indices.max { corners[$0].green < corners[$1].green }
        // Clockwise from the top left, the corner where the stored top left belongs.
        let expected =
            switch orientation {
            case .upright, .transposed: 0
            case .mirrored, .turnedRight: 1
            case .turnedAround, .transversed: 2
            case .flipped, .turnedLeft: 3
            }
        #expect(brightest == expected)
    }

    @Test("the result is marked upright and keeps the time the photo was taken")
    func time() throws {
        let exif = ExifBlock(orientation: 6, taken: "2025:06:01 18:30:05").bytes
        let anime = try convert(photo(30, 20, exif: exif), "--size", "16")
        let summary = try JPEGReader(.bytes(anime, name: "anime")).info.exif
        #expect(summary.orientation == .upright)
        #expect(summary.taken?.text == "2025:06:01 18:30:05")
    }

    @Test("the place where the photo was taken is dropped")
    func place() throws {
        let camera = try photo(30, 20, exif: ExifBlock(latitude: "North 52 31 12").bytes)
        let placeTag: [UInt8] = [0x25, 0x88]
        #expect(contains(camera, Array("North 52 31 12".utf8)) && contains(camera, placeTag))
        let anime = try convert(camera, "--size", "16")
        #expect(!contains(anime, Array("North".utf8)))
        #expect(!contains(Array(anime.prefix(400)), placeTag))
    }

    @Test("the program, the model and the style are named", arguments: [("anime", "drawn-m"), ("cute", "cute-m")])
    func names(_ style: String, _ model: String) throws {
        let anime = try convert(photo(30, 20), "--size", "16", "--model", style)
        #expect(contains(anime, Array("AnimeSnap".utf8)))
        #expect(contains(anime, Array("style \(style), model \(model)\0".utf8)))
    }
}
