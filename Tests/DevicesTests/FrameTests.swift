import Devices
import Imaging
import Testing

@Suite("Frames")
struct FrameTests {
    @Test(
        "the colours of video are those of the standard, to one part in 255",
        arguments: [
            (y: 16, u: 128, v: 128, rgb: [0, 0, 0]), (y: 235, u: 128, v: 128, rgb: [255, 255, 255]),
            (y: 81, u: 90, v: 240, rgb: [255, 0, 0]), (y: 145, u: 54, v: 34, rgb: [0, 255, 0]),
            (y: 41, u: 240, v: 110, rgb: [0, 0, 255]), (y: 126, u: 128, v: 128, rgb: [128, 128, 128]),
            (y: 0, u: 128, v: 128, rgb: [0, 0, 0]), (y: 255, u: 255, v: 255, rgb: [255, 125, 255]),
        ])
    func colours(_ sample: (y: Int, u: Int, v: Int, rgb: [Int])) {
        let (y, u, v) = (UInt8(sample.y), UInt8(sample.u), UInt8(sample.v))
        var row = [UInt8](repeating: 1, count: 12)
        YUV.convert(yuyvRow: 1, 4, [0, 0, 0, 0, 0, 0, 0, 0, y, u, y, v, y, u, y, v], &row)
        for (index, value) in row.enumerated() { #expect(abs(Int(value) - sample.rgb[index % 3]) <= 1) }
        var other = [UInt8](repeating: 1, count: 12)
        YUV.convert(nv12Row: 1, 4, 2, [0, 0, 0, 0, y, y, y, y, u, v, u, v], &other)
        #expect(other == row)
    }

    @Test("a YUYV frame and an NV12 frame of one picture give one JPEG file")
    func formats() throws {
        let (width, height) = (32, 16)
        var yuyv: [UInt8] = []
        var luma: [UInt8] = []
        var chroma: [UInt8] = []
        for y in 0..<height {
            for x in stride(from: 0, to: width, by: 2) {
                let (u, v) = (UInt8(64 + 4 * x), UInt8(200 - y / 2 * 8))
                yuyv += [UInt8(20 + 5 * x), u, UInt8(25 + 5 * x), v]
                luma += [UInt8(20 + 5 * x), UInt8(25 + 5 * x)]
                if y % 2 == 0 { chroma += [u, v] }
            }
        }
        let one = Frame(.yuyv(width: width, height: height, yuyv), number: 1, time: .zero)
        let other = Frame(.nv12(width: width, height: height, luma + chroma), number: 1, time: .zero)
        let jpeg = try one.jpeg()
        #expect(try other.jpeg() == jpeg)
        let image = try RGBImage.decode(.bytes(jpeg, name: "frame"))
        #expect(image.width == width && image.height == height)
    }

    private func pixels(_ layout: VideoLayout, _ bytes: [UInt8]) -> Frame.Pixels? { layout.pixels(in: bytes.span) }

    @Test("gaps at the ends of rows are left out, and a buffer that is too short is no picture")
    func layout() throws {
        let yuyv = try #require(VideoLayout(code: "YUYV", width: 2, height: 2, bytesPerRow: 6))
        #expect(pixels(yuyv, [1, 2, 3, 4, 0, 0, 5, 6, 7, 8]) == .yuyv(width: 2, height: 2, [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(pixels(yuyv, [1, 2, 3, 4, 0, 0, 5, 6, 7]) == nil)
        let nv12 = try #require(VideoLayout(code: "NV12", width: 2, height: 2, bytesPerRow: 3))
        #expect(pixels(nv12, [1, 2, 0, 3, 4, 0, 5, 6]) == .nv12(width: 2, height: 2, [1, 2, 3, 4, 5, 6]))
        #expect(pixels(nv12, [1, 2, 0, 3, 4, 0, 5]) == nil)
        let motion = try #require(VideoLayout(code: "MJPG", width: 64, height: 48, bytesPerRow: 0))
        let file = try picture(1)
        #expect(pixels(motion, file + [0, 0]) == .jpeg(file))
        #expect(VideoLayout(code: "BA81", width: 64, height: 48, bytesPerRow: 0) == nil)
        #expect(VideoLayout(code: "YUYV", width: 0, height: 48, bytesPerRow: 0) == nil)
    }
}

@Suite("Shot picker")
struct ShotPickerTests {
    /// Frames every 50 ms; the n-th has its number as its only byte.
    private func picker(_ count: Int, warmUp: Int = 0) -> ShotPicker {
        var settings = ShotPicker.Settings()
        settings.warmUpFrames = warmUp
        var picker = ShotPicker(settings: settings)
        for number in 1...count { picker.add(.frame(frame(number, at: 50 * number))) }
        return picker
    }

    private func frame(_ number: Int, at milliseconds: Int) -> Frame {
        Frame(.jpeg([UInt8(number)]), number: UInt64(number), time: .milliseconds(milliseconds))
    }

    @Test("of the frames within 150 ms of the press the sharpest is kept")
    func sharpest() {
        let picked = picker(12).pick(pressedAt: .milliseconds(300)) { $0.number == 9 || $0.number == 2 ? 5 : 1 }
        #expect(picked?.number == 9)
        // Number 2 is sharp too, but 200 ms early.
        #expect(picker(12).pick(pressedAt: .milliseconds(300)) { $0.number == 2 ? 5 : 1 }?.number == 6)
    }

    @Test("of equally sharp frames the one closest to the press is kept")
    func closest() {
        #expect(picker(12).pick(pressedAt: .milliseconds(310)) { _ in 1 }?.number == 6)
    }

    @Test("frames of cameras that do not compress are held as far as memory is meant for them, the newest always")
    func memory() {
        var settings = ShotPicker.Settings()
        settings.warmUpFrames = 0
        settings.mostBytes = 100
        var picker = ShotPicker(settings: settings)
        func add(_ number: UInt64, bytes count: Int) {
            let pixels = Frame.Pixels.yuyv(width: 2, height: count / 4, [UInt8](repeating: 0, count: count))
            picker.add(Frame(pixels, number: number, time: .milliseconds(number)))
        }
        func held() -> [UInt64] {
            (1...5).filter { wanted in picker.pick(pressedAt: .zero) { $0.number == wanted ? 1 : nil } != nil }
        }
        for number in 1...4 { add(UInt64(number), bytes: 40) }
        #expect(held() == [3, 4])
        add(5, bytes: 200)
        #expect(held() == [5])
    }

    @Test("a frame that cannot be decoded is never kept")
    func undecodable() {
        #expect(
            picker(12).pick(pressedAt: .milliseconds(300)) { $0.number == 6 ? nil : Double($0.number) }?.number == 9)
        #expect(picker(12).pick(pressedAt: .milliseconds(300)) == nil)
    }

    @Test("a slow camera's nearest frame is kept when none is within 150 ms, and none that is a second away")
    func slowCamera() {
        var picker = picker(1)
        picker.add(frame(2, at: 900))
        #expect(picker.pick(pressedAt: .milliseconds(400)) { _ in 1 }?.number == 1)
        #expect(picker.pick(pressedAt: .milliseconds(600)) { _ in 1 }?.number == 2)
        #expect(picker.pick(pressedAt: .milliseconds(2500)) { _ in 1 } == nil)
    }

    @Test("the first frames after a start and after a loss are not used")
    func warmUp() {
        var picker = picker(4, warmUp: 4)
        #expect(picker.pick(pressedAt: .milliseconds(100)) { _ in 1 } == nil)
        #expect(!picker.isWarmingUp)
        picker.add(frame(5, at: 250))
        #expect(picker.pick(pressedAt: .milliseconds(250)) { _ in 1 }?.number == 5)
        picker.add(.lost(reason: "unplugged"))
        #expect(picker.isWarmingUp)
        #expect(picker.pick(pressedAt: .milliseconds(250)) { _ in 1 } == nil)
    }

    @Test("waiting ends with the window, or with a frame beyond it")
    func completeness() {
        let press = Duration.milliseconds(300)
        #expect(!picker(7).isComplete(pressedAt: press, now: .milliseconds(350)))
        #expect(picker(7).isComplete(pressedAt: press, now: .milliseconds(450)))
        #expect(picker(9).isComplete(pressedAt: press, now: .milliseconds(400)))
        #expect(!picker(1).isComplete(pressedAt: press, now: .milliseconds(460)))
        #expect(picker(1).isComplete(pressedAt: press, now: .milliseconds(1300)))
    }

    @Test("a blurred picture is less sharp than the picture, at any size")
    func sharpness() throws {
        let scene = TestScene.image(width: 640, height: 480, phase: 0.4)
        let blurred = scene.resized(width: 80, height: 60).resized(width: 640, height: 480)
        let sharp = try #require(Sharpness.measure(Frame(.jpeg(scene.jpeg()), number: 1, time: .zero)))
        let soft = try #require(Sharpness.measure(Frame(.jpeg(blurred.jpeg()), number: 2, time: .zero)))
        #expect(sharp > 1.5 * soft)
        #expect(Sharpness.measure(Frame(.jpeg([1, 2, 3]), number: 3, time: .zero)) == nil)
    }

    @Test("a frame that is not compressed is judged by its own luma, and one with bytes missing is never kept")
    func sharpnessOfLuma() throws {
        let (width, height) = (1280, 720)
        // Stripes as fine as the picture is looked at, and the same stripes out of focus.
        func luma(contrast: Int) -> [UInt8] {
            (0..<width * height).map { UInt8(128 + ($0 % width / 8 % 2 * 2 - 1) * contrast) }
        }
        func yuyv(_ luma: [UInt8]) -> Frame.Pixels { .yuyv(width: width, height: height, luma.flatMap { [$0, 128] }) }
        func nv12(_ luma: [UInt8]) -> Frame.Pixels {
            .nv12(width: width, height: height, luma + [UInt8](repeating: 128, count: width * height / 2))
        }
        func sharpness(_ pixels: Frame.Pixels) -> Double? {
            Sharpness.measure(Frame(pixels, number: 1, time: .zero))
        }
        let sharp = try #require(sharpness(yuyv(luma(contrast: 100))))
        let soft = try #require(sharpness(yuyv(luma(contrast: 10))))
        #expect(sharp > 50 * soft && soft > 0)
        #expect(sharpness(nv12(luma(contrast: 100))) == sharp)
        #expect(sharpness(.yuyv(width: width, height: height, luma(contrast: 100))) == nil)
    }
}
