import Devices
import Imaging
import Testing

@Suite("Virtual camera")
struct VirtualCameraTests {
    @Test("the drawn scene comes at the camera's size and rate, and moves")
    func drawn() async throws {
        let clock = ManualClock()
        let camera = VirtualCamera(.drawn, mode: CameraMode(width: 160, height: 120, rate: 10), clock: clock)
        var events = camera.frames().makeAsyncIterator()
        var pictures: Set<[UInt8]> = []
        for number in 0..<21 {
            let frame = try #require(await events.nextFrame())
            #expect(frame.number == UInt64(number + 1))
            #expect(frame.time == .milliseconds(100 * number))
            pictures.insert(frame.bytes)
            await clock.waitForSleepers()
            clock.advanceToNextSleeper()
        }
        #expect(pictures.count == 5)
        for picture in pictures {
            let image = try RGBImage.decode(.bytes(picture, name: "frame"))
            #expect(image.width == 160 && image.height == 120)
        }
        await camera.stop()
    }

    @Test("a folder's pictures come in the order of their names, over and over; what is none is passed over")
    func folder() async throws {
        let folder = try TemporaryFolder()
        let pictures = try (0..<3).map { try picture($0) }
        try folder.write("b.JPG", pictures[1])
        try folder.write("a.jpeg", pictures[0])
        try folder.write("c.jpg", pictures[2])
        try folder.write("aa.jpg", Array("no picture".utf8))
        try folder.write("notes.txt", pictures[2])
        let clock = ManualClock()
        let camera = VirtualCamera(
            .folder(folder.path), mode: CameraMode(width: 64, height: 48, rate: 1), clock: clock)
        var events = camera.frames().makeAsyncIterator()
        for index in [0, 1, 2, 0, 1] {
            #expect(await events.nextFrame()?.bytes == pictures[index])
            await clock.waitForSleepers()
            clock.advanceToNextSleeper()
        }
        await camera.stop()
    }

    @Test("a folder without pictures is a camera that is lost")
    func emptyFolder() async throws {
        let folder = try TemporaryFolder()
        let camera = VirtualCamera(.folder(folder.path), clock: ManualClock())
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextLoss() == "\(folder.path) holds no JPEG file that can be read")
        await camera.stop()
        let missing = VirtualCamera(.folder("/nowhere"), clock: ManualClock())
        var others = missing.frames().makeAsyncIterator()
        #expect(await others.nextLoss() == "the folder /nowhere cannot be read: No such file or directory")
        await missing.stop()
    }

    @Test("it can be unplugged and plugged in again")
    func unplug() async {
        let clock = ManualClock()
        let camera = VirtualCamera(.drawn, mode: CameraMode(width: 32, height: 32), clock: clock)
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextFrame() != nil)
        camera.unplug(reason: "somebody stumbled")
        #expect(await events.nextLoss() == "somebody stumbled")
        #expect(camera.health.problem == "somebody stumbled")
        camera.plugIn()
        #expect(camera.health.problem == nil)
        #expect(camera.health.restarts == 1)
        guard case .recovered = await events.next() else {
            Issue.record("plugging in is told")
            return
        }
        await clock.waitForSleepers()
        clock.advanceToNextSleeper()
        #expect(await events.nextFrame() != nil)
        await camera.stop()
    }
}
