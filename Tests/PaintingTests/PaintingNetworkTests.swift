import Engine
import Glibc
import Imaging
import Painting
import Testing

@Suite("A network that paints")
struct PaintingNetworkTests {
    /// A model file with one 1x1 convolution, whose result may be blocks of pixels, and an enlargement after it.
    private func file(
        inputs: Int = 3, outputs: Int = 3, rowGroups: Int = 1, stride: Int = 1, sideMultiple: Int? = nil,
        type: String = "uint8"
    ) -> [UInt8] {
        let channels = outputs * rowGroups
        func padded(_ count: Int, _ multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }
        let segment = padded(inputs, 4)
        let weights = padded(padded(channels, 8) * segment, 64) * rowGroups
        let entries = padded(channels, 16) * rowGroups * 4
        let graph =
            "{\"name\":\"test\",\"style\":\"test\",\"title\":\"\",\"licence\":\"\",\"side_multiple\":\(sideMultiple ?? stride),"
            + "\"tensors\":[{\"name\":\"a\",\"channels\":\(inputs)},{\"name\":\"b\",\"channels\":\(outputs)\(type == "float32" ? ",\"type\":\"float32\"" : "")}],"
            + "\"layers\":[{\"name\":\"only\",\"kind\":\"convolution\",\"input\":0,\"output\":1,\"kernel\":[1,1],"
            + "\"stride\":[\(stride),\(stride)],\"padding\":[0,0,0,0],\"row_groups\":\(rowGroups)}]}"
        var header =
            "{\"__metadata__\":{\"format\":\"animesnap\",\"format_version\":\"1\",\"checksum\":\"00000000\","
            + "\"graph\":\"\(graph.replacing("\"", with: "\\\""))\"}"
        var end = 0
        for (name, type, bytes, size) in [
            ("weights", "I8", weights, 1), ("bias", "I32", entries, 4), ("scale", "F32", entries, 4),
        ] {
            header += ",\"only.\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(bytes / size)],"
            header += "\"data_offsets\":[\(end),\(end + bytes)]}"
            end += bytes
        }
        var bytes = Array((header + "}").utf8)
        bytes += [UInt8](repeating: 0x20, count: (64 - (bytes.count + 8) % 64) % 64)
        bytes = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) } + bytes
        bytes += [UInt8](repeating: 0, count: end)
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.add($0) }
        let key = Array("\"checksum\":\"".utf8)
        guard let found = bytes.firstRange(of: key) else { return bytes }
        bytes.replaceSubrange(found.upperBound..<found.upperBound + 8, with: Array(checksum.text.utf8))
        return bytes
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func model(_ bytes: [UInt8]) throws -> ModelFile {
        try ModelFile(path: folder.add("test.safetensors", bytes))
    }

    @Test("gives a picture of its photo's size, or of twice that")
    func scales() throws {
        #expect(try PaintingNetwork(model(file())).scale == 1)
        #expect(try PaintingNetwork(model(file(rowGroups: 2))).scale == 2)
        #expect(try PaintingNetwork(model(file(rowGroups: 4, stride: 2))).scale == 2)
        #expect(try PaintingNetwork(Checkout.model()).scale == 1)
    }

    @Test("is none when its size only fits some pictures, or it gives numbers in place of colours")
    func otherShapes() throws {
        let odd = #expect(throws: PaintingError.self) {
            try PaintingNetwork(model(file(rowGroups: 8, stride: 8, sideMultiple: 1)))
        }
        #expect(odd?.description.contains("is not a network that paints: of 258x257 it makes 264x264") == true)
        let numbers = #expect(throws: PaintingError.self) { try PaintingNetwork(model(file(type: "float32"))) }
        #expect(numbers?.description.hasSuffix("its input and its first output are not both RGB of 8 bits") == true)
    }

    @Test("at twice the size sees half of what is asked for, rounded up")
    func twice() throws {
        let model = try model(file(rowGroups: 4, stride: 2))
        for (size, finished, seen) in [
            (Painter.Size.full, (31, 17), (16, 10)), (.longestSide(61), (61, 33), (32, 18)),
            (.longestSide(1280), (1280, 702), (640, 352)),
        ] {
            var options = Painter.Options()
            options.size = size
            options.look = .neon
            let (bytes, report) = try Painter(model: model, options: options).paint(photo(31, 17))
            #expect(report.anime == PictureSize(width: finished.0, height: finished.1))
            #expect(report.network == PictureSize(width: seen.0, height: seen.1))
            let picture = try PictureReader(.bytes(bytes, name: "painted"))
            #expect(picture.width == finished.0 && picture.height == finished.1)
        }
    }

    @Test("is told from others in one sentence, by the painter too")
    func refusals() throws {
        for (bytes, expected) in [
            (file(outputs: 4), "are not both RGB"), (file(inputs: 1), "are not both RGB"),
            (file(rowGroups: 3), "once or twice the size is possible"),
            (file(stride: 2), "once or twice the size is possible"),
        ] {
            let model = try model(bytes)
            let error = #expect(throws: PaintingError.self) { try PaintingNetwork(model) }
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
            #expect(throws: PaintingError.self) { try Painter(model: model).paint(photo(8, 8)) }
        }
    }
}
