import Glibc
import Imaging
import Testing

@Suite("Memory for uploads", .serialized, .onRealProcessors)
struct UploadMemoryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    enum Upload: CaseIterable {
        /// 12 megapixels in several scans, whose coefficients are 36 MB unpacked.
        case progressive
        /// 5.5 megapixels in several scans without halved colour.
        case fullColour
        /// Almost as many bytes as are accepted.
        case heavy

        var file: [UInt8] {
            get throws {
                switch self {
                case .progressive: try Self.photo(4000, 3000, grain: 24, quality: 90, isProgressive: true)
                case .fullColour: try Self.photo(2720, 2040, grain: 24, quality: 95, isProgressive: true)
                case .heavy: try Self.photo(6000, 6600, grain: 96, quality: 92, isProgressive: false)
                }
            }
        }

        private static func photo(
            _ width: Int, _ height: Int, grain: Int, quality: Int, isProgressive: Bool
        ) throws -> [UInt8] {
            var options = JPEGWriter.Options(quality: quality)
            options.isProgressive = isProgressive
            var state: UInt32 = 1
            return try RGBImage(width: width, height: height) { x, y in
                state = state &* 1_664_525 &+ 1_013_904_223
                let noise = Int(state >> 16) % grain
                let (across, down) = ((x * 151 / width) ^ (y >> 6 & 31), y * 151 / height)
                return (UInt8(across % 152 + noise), UInt8(down + noise), UInt8((across + down) / 3 + noise))
            }.jpeg(options)
        }
    }

    @Test(
        "whatever upload is accepted, the camera stays below 64 MB until its picture is painted",
        arguments: Upload.allCases)
    func peak(_ upload: Upload) throws {
        let settings = ["--port", "0", "--set", "web.address=127.0.0.1", "--set", "state.folder=\(folder("state"))"]
        let appliance = try RunningAppliance(album: folder("album"), settings, isWeb: true)
        try appliance.wait(for: "lamp: ready")
        try appliance.wait(for: "web: http")
        let web = try LocalWeb(said: appliance.said)
        let file = try upload.file
        #expect(file.count <= 25_000_000)
        let answer = try web.ask("POST", "/api/uploads?style=anime", file, type: "image/jpeg")
        #expect(answer.status == 201, "\(answer.text)")
        let thumbnails: Set<String> = ["album/0001-photo-thumb.jpg", "album/0001-anime-thumb.jpg"]
        let deadline = ContinuousClock.now + .seconds(300)
        while !thumbnails.isSubset(of: folder.names) {
            try #require(ContinuousClock.now < deadline, "\(appliance.said)")
            usleep(20_000)
        }
        let peak = try #require(appliance.peakBytes)
        print("upload \(upload): \(file.count) bytes, peak \(peak >> 20) MB")
        #expect(peak <= 64_000_000)
        _ = try appliance.terminate()
    }
}
