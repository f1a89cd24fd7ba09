import ModelTools
import Testing

@Suite struct PictureQualityTests {
    private func flat(_ sample: UInt8, width: Int = 20, height: Int = 16) throws -> CalibrationPicture {
        let rgb = [UInt8](repeating: sample, count: width * height * 3)
        return try #require(CalibrationPicture(width: width, height: height, rgb: rgb))
    }

    @Test("equal pictures have an infinite PSNR and an SSIM of 1")
    func equal() throws {
        let picture = testPicture(width: 33, height: 21, seed: 2)
        let quality = try PictureQuality(of: picture, against: picture)
        #expect(quality.psnr == .infinity && abs(quality.ssim - 1) < 1e-12)
    }

    @Test("flat pictures have the values that the definitions give")
    func flatPictures() throws {
        let quality = try PictureQuality(of: flat(100), against: flat(110))
        #expect(abs(quality.psnr - 28.1308) < 1e-4)
        let c1 = 6.5025
        #expect(abs(quality.ssim - (2 * 100 * 110 + c1) / (100 * 100 + 110 * 110 + c1)) < 1e-9)
    }

    @Test("fractions of a sample count against real numbers")
    func fractions() throws {
        let real = FloatPicture(width: 20, height: 16, values: [Float](repeating: 100.5 / 127.5 - 1, count: 960))
        let quality = try PictureQuality(of: flat(100), against: real)
        #expect(abs(quality.psnr - 54.1514) < 1e-3)
    }

    @Test("pictures with sides below the window are compared, pictures of different sizes are refused")
    func sizes() throws {
        let quality = try PictureQuality(of: flat(1, width: 1, height: 1), against: flat(1, width: 1, height: 1))
        #expect(abs(quality.ssim - 1) < 1e-12)
        #expect(throws: ImportError("pictures of 20x16 and 16x20 pixels cannot be compared")) {
            try PictureQuality(of: flat(1), against: flat(1, width: 16, height: 20))
        }
    }

    @Test("real numbers become the nearest samples")
    func samples() {
        let picture = FloatPicture(width: 1, height: 1, values: [-1, 0.2, 1])
        #expect(picture.rgb == [0, 153, 255])
    }
}
