import Devices
import Glibc
import Testing

/// A shell script that stands in for rpicam-vid. `$D` is its folder, which holds `frame.jpg`; it notes its process in `pid`.
struct StandIn {
    let folder: TemporaryFolder
    let program: String
    let frame: [UInt8]

    init(_ script: String) throws {
        folder = try TemporaryFolder()
        frame = try picture(1, width: 160, height: 120, quality: 95)
        try folder.write("frame.jpg", frame)
        program = try folder.write(
            "rpicam-vid", Array("#!/bin/sh\nD=\(folder.path)\necho $$ >$D/pid\n\(script)\n".utf8), isProgram: true)
    }

    func camera(
        _ clock: any DeviceClock = SystemClock(), nextFrame: Duration = .milliseconds(300)
    ) -> RpicamCamera {
        var settings = RpicamSettings()
        settings.command = program
        var patience = CameraPatience()
        if clock is SystemClock {
            patience.firstFrame = .milliseconds(1500)
            patience.nextFrame = nextFrame
            patience.shortestPause = .milliseconds(10)
        }
        patience.leave = .milliseconds(200)
        return RpicamCamera(settings, patience: patience, clock: clock)
    }

    /// Whether the process that was started last is there.
    var isRunning: Bool { process.map { kill($0, 0) == 0 } ?? false }

    func killProcess() {
        if let process { _ = kill(process, SIGKILL) }
    }

    private var process: Int32? {
        folder.text("pid")?.split(separator: "\n").first.flatMap { Int32($0) }
    }
}

@Suite("rpicam", .serialized)
struct RpicamTests {
    @Test("the child is asked for a stream of one fixed size")
    func arguments() {
        var settings = RpicamSettings()
        settings.mode = CameraMode(width: 1296, height: 972, rate: 10)
        settings.camera = 1
        settings.arguments = ["--rotation", "180"]
        #expect(
            settings.allArguments.joined(separator: " ")
                == "--codec mjpeg -t 0 -n --flush -o - --width 1296 --height 972 --framerate 10 --quality 92 "
                + "--camera 1 --rotation 180"
        )
    }

    @Test("frames come as the child writes them, and stopping the camera ends the child")
    func frames() async throws {
        let standIn = try StandIn("while :; do cat $D/frame.jpg; sleep 0.02; done")
        let camera = standIn.camera()
        var events = camera.frames().makeAsyncIterator()
        for number in 1...10 {
            let frame = try #require(await events.nextFrame())
            #expect(frame.bytes == standIn.frame)
            #expect(frame.number >= number)
        }
        await camera.stop()
        #expect(!standIn.isRunning)
    }

    @Test("a child that dies is started again, and its last words are the reason")
    func death() async throws {
        let standIn = try StandIn(
            "cat $D/frame.jpg; echo info >&2; echo 'ERROR: *** no cameras available ***' >&2; exit 255")
        let camera = standIn.camera(nextFrame: .seconds(60))
        var events = camera.frames().makeAsyncIterator()
        for _ in 0..<3 {
            #expect(await events.nextFrame() != nil)
            let reason = try #require(await events.nextLoss())
            #expect(reason.hasSuffix("rpicam-vid ended with code 255: ERROR: *** no cameras available ***"))
        }
        await camera.stop()
    }

    @Test("a child that stalls is stopped and started again")
    func stall() async throws {
        let standIn = try StandIn("cat $D/frame.jpg; exec sleep 1000")
        let camera = standIn.camera()
        var events = camera.frames().makeAsyncIterator()
        for _ in 0..<3 {
            #expect(await events.nextFrame() != nil)
            #expect(await events.nextLoss() == "no frame for 0.3 seconds")
        }
        await camera.stop()
        #expect(!standIn.isRunning)
    }

    @Test("a child that ignores TERM is killed, with what it started")
    func ignoredTermination() async throws {
        let standIn = try StandIn("trap '' TERM\ncat $D/frame.jpg; while :; do sleep 1000; done")
        let camera = standIn.camera()
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextFrame() != nil)
        let start = SystemClock().time
        #expect(await events.nextLoss() == "no frame for 0.3 seconds")
        #expect(SystemClock().time - start < .seconds(500), "what it started was waited for")
        #expect(await events.nextFrame() != nil)
        await camera.stop()
        #expect(!standIn.isRunning)
    }

    @Test("a child that closes its output and stays is stopped")
    func closedOutput() async throws {
        let standIn = try StandIn("cat $D/frame.jpg; exec >&-; exec sleep 1000")
        let camera = standIn.camera()
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextFrame() != nil)
        #expect(await events.nextLoss() == "no frame for 0.3 seconds")
        await camera.stop()
        #expect(!standIn.isRunning)
    }

    @Test("garbage between frames costs nothing but itself")
    func garbage() async throws {
        let standIn = try StandIn(
            "while :; do head -c 5000 /dev/zero; cat $D/frame.jpg; echo rubbish; sleep 0.02; done")
        let camera = standIn.camera()
        var events = camera.frames().makeAsyncIterator()
        for _ in 0..<5 { #expect(await events.nextFrame()?.bytes == standIn.frame) }
        await camera.stop()
    }

    // In a process of its own, whose memory no other test uses.
    @Test("a child that floods without a frame is stopped, in bounded memory", .disabled(if: isEmulated))
    func flood() async {
        await #expect(processExitsWith: .success) {
            for script in [
                "cat /dev/zero",
                "printf '\\377\\330\\377\\300\\000\\002\\377\\332\\000\\002'; cat /dev/zero",
                "cat /dev/zero >&2",
            ] {
                let standIn = try StandIn(script)
                let camera = standIn.camera()
                let before = residentBytes()
                var events = camera.frames().makeAsyncIterator()
                #expect(await events.nextLoss() == "no frame for 1.5 seconds")
                #expect(residentBytes() - before < 32 << 20)
                await camera.stop()
                #expect(!standIn.isRunning)
            }
        }
    }

    @Test("a program that is not there is told as such")
    func missing() async {
        var settings = RpicamSettings()
        settings.command = "rpicam-nowhere"
        let camera = RpicamCamera(settings, clock: ManualClock())
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextLoss() == "rpicam-nowhere is not installed")
        await camera.stop()
    }

    @Test("what the child leaves running when it stops is killed")
    func leftOver() async throws {
        let standIn = try StandIn("(trap '' TERM; exec sleep 1000) >$D/log & echo $! >$D/pid; cat $D/frame.jpg; wait")
        let camera = standIn.camera(nextFrame: .seconds(600))
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextFrame() != nil)
        #expect(standIn.isRunning)
        await camera.stop()
        #expect(await eventually { !standIn.isRunning })
    }

    @Test("a process that keeps the child's pipe open after its end holds nothing up")
    func keptPipe() async throws {
        let standIn = try StandIn("setsid sleep 1000 & echo $! >$D/pid; cat $D/frame.jpg; exit 3")
        let camera = standIn.camera()
        var events = camera.frames().makeAsyncIterator()
        #expect(await events.nextFrame() != nil)
        let start = SystemClock().time
        #expect(await events.nextLoss() != nil)
        await camera.stop()
        #expect(SystemClock().time - start < .seconds(500), "the process was waited for")
        standIn.killProcess()
    }
}
