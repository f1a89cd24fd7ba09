import Imaging
import Testing

@Suite("Padding by reflection")
struct PaddingTests {
    @Test("positions beyond the end are mirrored, to and fro where the line is short")
    func reflection() {
        #expect((0..<9).map { PaddedRows.reflected($0, in: 4) } == [0, 1, 2, 3, 2, 1, 0, 1, 2])
        #expect((0..<5).map { PaddedRows.reflected($0, in: 1) } == [0, 0, 0, 0, 0])
        #expect((0..<5).map { PaddedRows.reflected($0, in: 2) } == [0, 1, 0, 1, 0])
    }

    @Test(
        "a picture is continued to the right and to the bottom",
        arguments: [
            (1, 1, 32), (3, 2000, 32), (32, 64, 32), (33, 31, 8), (5, 7, 64), (2, 3, 16), (64, 1, 32), (17, 40, 1),
        ])
    func rows(_ width: Int, _ height: Int, _ multiple: Int) throws {
        let picture = noise(width, height)
        let padded = PaddedRows(ImageRows(picture), multiple: multiple)
        #expect(padded.width % multiple == 0 && padded.width - width < multiple)
        #expect(padded.height % multiple == 0 && padded.height - height < multiple)
        #expect(padded.inner == PictureSize(width: width, height: height))
        let expected = RGBImage(width: padded.width, height: padded.height) { x, y in
            let pixel = picture[PaddedRows.reflected(x, in: width), PaddedRows.reflected(y, in: height)]
            return (pixel.red, pixel.green, pixel.blue)
        }
        #expect(try RGBImage(reading: padded) == expected)
    }

    @Test("a writer takes padded rows and keeps the picture only")
    func cropping() throws {
        let picture = noise(29, 21)
        let padded = PaddedRows(ImageRows(picture), multiple: 16)
        let writer = try JPEGWriter(width: 29, height: 21)
        var row = [UInt8](repeating: 0, count: 3 * padded.width)
        for _ in 0..<padded.height {
            try padded.readRow(into: &row)
            try writer.writeRow(row.span)
        }
        try writer.finish()
        #expect(try writer.bytes == picture.jpeg())
    }
}
