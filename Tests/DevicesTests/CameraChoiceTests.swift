import Devices
import Testing

@Suite("Choice of camera")
struct CameraChoiceTests {
    private static let forms =
        "write auto, rpicam, rpicam:1, v4l2, v4l2:/dev/video2, v4l2:NAME, virtual or virtual:FOLDER"

    @Test("auto takes the first camera there is and says why the others were refused")
    func auto() async throws {
        let folder = try TemporaryFolder()
        let none = try folder.write("none", Array("#!/bin/sh\necho 'No cameras available!'\n".utf8), isProgram: true)
        let list = "'Available cameras' '-----' '0 : imx708 [4608x2592 10-bit RGGB] (/base/x)'"
        let one = try folder.write("one", Array("#!/bin/sh\nprintf '%s\\n' \(list)\n".utf8), isProgram: true)
        func candidates(_ command: String, _ devices: [VideoDevice], _ choice: CameraChoice = .auto) async -> [String] {
            var settings = RpicamSettings()
            settings.command = command
            let finder = CameraFinder(
                settings: settings, patience: CameraPatience(), clock: SystemClock(), video: FakeVideo(devices))
            let found = await finder.find(choice)
            return found.candidates.map { "\($0.isAccepted ? "+" : "-") \($0.name): \($0.reason)" } + [
                found.camera.name
            ]
        }
        #expect(
            await candidates(one, []) == [
                "+ rpicam: a camera on the board's connector answers",
                "- v4l2: no camera is among the video devices (/dev/video*); plug in a USB camera",
                "- virtual: not needed, for rpicam is used: a drawn scene", "rpicam",
            ])
        #expect(
            await candidates(one, [.webcam, .codec])[1]
                == "- v4l2: not needed, for rpicam is used: HD Webcam C525 at /dev/video2 delivers MJPG")
        #expect(
            await candidates(none, [.webcam]) == [
                "- rpicam: \(none) finds no camera; check the ribbon cable with the board switched off",
                "+ v4l2: HD Webcam C525 at /dev/video2 delivers MJPG",
                "- virtual: not needed, for v4l2 is used: a drawn scene", "v4l2",
            ])
        #expect(
            await candidates("rpicam-nowhere", [.raw]) == [
                "- rpicam: rpicam-nowhere is not installed",
                "- v4l2: /dev/video1 (sensor) delivers BA81; MJPG, YUYV and NV12 are understood",
                "+ virtual: no real camera was found: a drawn scene", "virtual",
            ])
        #expect(
            await candidates(one, [], .rpicam(camera: 1)) == [
                "+ rpicam: wanted, although \(one) finds no camera 1", "rpicam 1",
            ])
        #expect(
            await candidates(one, [], .v4l2(.name("Brio"))) == [
                "+ v4l2: wanted, although no video device is called \"Brio\"; none is there", "v4l2:Brio",
            ])
    }

    @Test(
        "a choice of camera is read as it is written",
        arguments: [
            "auto", "rpicam", "rpicam:1", "v4l2", "v4l2:/dev/video2", "v4l2:HD Webcam: C525", "virtual",
            "virtual:/tmp/a",
        ])
    func choices(_ text: String) throws {
        #expect(try CameraChoice(text).description == text)
    }

    @Test(
        "what is no choice of camera is refused with what is", arguments: ["", "webcam", "rpicam:x", "v4l2:", "auto:1"])
    func noChoices(_ text: String) {
        #expect(
            throws: DeviceError("'\(text)' is no camera; \(Self.forms)")
        ) { try CameraChoice(text) }
    }
}
