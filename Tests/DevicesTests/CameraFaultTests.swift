import Devices
import Glibc
import Testing

/// A thousand faults in a row of each real camera, in virtual time, each in a process of its own whose memory and files
/// no other test uses. They want a machine that does nothing else: `ANIMESNAP_FAULTS=1` asks for them.
@Suite("Camera faults", .serialized, .enabled(if: areFaultsWanted, "ANIMESNAP_FAULTS=1 asks for a thousand faults"))
struct CameraFaultTests {
    @Test("1000 deaths, stalls, halves and garbage of a child leave no process, no file and no memory behind")
    func rpicam() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try await endureChild()
        }
        report(result)
    }

    @Test("1000 unplugs, failures, stalls and garbage of a video device leave no stream and no memory behind")
    func v4l2() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try await endureDevice()
        }
        report(result)
    }

    @Test("a child is stopped within two seconds, whatever it does")
    func stopTime() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            for (child, script) in [
                ("a child that works", "while :; do cat $D/frame.jpg; sleep 0.02; done"),
                ("a child that stalls", "exec sleep 1000"),
                ("a child that ignores TERM", "trap '' TERM\nwhile :; do cat $D/frame.jpg; sleep 1; done"),
            ] {
                let standIn = try StandIn(script)
                var settings = RpicamSettings()
                settings.command = standIn.program
                let camera = RpicamCamera(settings)
                let events = camera.frames()
                #expect(await eventually { standIn.isRunning })
                try await Task.sleep(for: .milliseconds(100))
                let start = SystemClock().time
                await camera.stop()
                let took = SystemClock().time - start
                #expect(!standIn.isRunning)
                for await _ in events {}
                #expect(took < .seconds(2))
                print("stopping \(child) took \(Int(took / .milliseconds(1))) ms")
            }
        }
        report(result)
    }

    /// Shows the figures that the process printed.
    private func report(_ result: ExitTest.Result?) {
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        for line in output.split(separator: "\n")
        where line.contains("1000 faults") || line.hasPrefix("stopping") {
            print(line)
        }
    }
}

private let areFaultsWanted = getenv("ANIMESNAP_FAULTS") != nil

/// What the process holds at one moment.
private struct Holdings {
    let memory = residentBytes()
    let files = (0..<4096).filter { fcntl($0, F_GETFD) >= 0 }.count

    /// Nothing may have grown since the hundredth fault: by then every buffer has had its largest size.
    func compare(with before: Holdings, _ camera: String, _ clock: ManualClock) {
        print(
            "\(camera): 1000 faults in \(clock.time.components.seconds) s of its clock; from the 100th to the last",
            "memory \(before.memory >> 10) -> \(memory >> 10) KiB, open files \(before.files) -> \(files)")
        // 900 losses with as little as one small frame kept of each would be 45 MB.
        #expect(memory - before.memory < 8 << 20)
        #expect(files <= before.files)
    }
}

private func endureChild() async throws {
    // One whole frame each time, then in turn: a stall, death, half a frame, garbage, a signal.
    let standIn = try StandIn(
        """
        read -r N <$D/count || N=0
        N=$((N + 1))
        echo $N >$D/count
        cat $D/frame.jpg
        case $((N % 5)) in
            0) exec sleep 1000 ;;
            1) exit 1 ;;
            2) head -c 3000 $D/frame.jpg ;;
            3) head -c 20000 /dev/zero ;;
            4) kill -SEGV $$ ;;
        esac
        """)
    try standIn.folder.write("count", Array("0\n".utf8))
    let clock = ManualClock()
    let camera = standIn.camera(clock)
    var events = camera.frames().makeAsyncIterator()
    var picker = ShotPicker()
    var before = Holdings()
    for fault in 1...1000 {
        let frame = try #require(await events.nextFrame(), "fault \(fault)")
        #expect(frame.bytes == standIn.frame)
        #expect(frame.number == UInt64(fault))
        picker.add(frame)
        if fault % 5 == 0 {
            await clock.waitForSleepers()
            clock.advance(by: .seconds(6))
        }
        let reason = try #require(await events.nextLoss())
        switch fault % 5 {
        case 0: #expect(reason == "no frame for 3.0 seconds")
        case 1: #expect(reason.hasSuffix("ended with code 1"))
        case 4: #expect(reason.hasSuffix("was ended by signal 11"))
        default: #expect(reason.hasSuffix("ended with code 0"))
        }
        #expect(camera.health.problem == reason)
        if fault == 100 { before = Holdings() }
        await clock.waitForSleepers()
        clock.advanceToNextSleeper()
    }
    await camera.stop()
    #expect(camera.health.frames >= 1000)
    #expect(!standIn.isRunning)
    Holdings().compare(with: before, "rpicam", clock)
}

private func endureDevice() async throws {
    let clock = ManualClock()
    let video = FakeVideo([.webcam])
    let ends: [FakeVideo.End] = [.leaves, .fails(EIO), .stalls, .garbles, .leaves]
    video.end(after: 3, ends[0])
    let camera = video.camera(.first, clock)
    var events = camera.frames().makeAsyncIterator()
    var before = Holdings()
    for fault in 0..<1000 {
        let end = ends[fault % ends.count]
        #expect(await events.nextFrame() != nil, "fault \(fault)")
        if end == .stalls || end == .garbles {
            #expect(await eventually { video.isSilent })
            await clock.waitForSleepers()
            clock.advance(by: .seconds(6))
        }
        let reason = try #require(await events.nextLoss())
        switch end {
        case .fails: #expect(reason.hasSuffix("failed: Input/output error"))
        case .leaves: #expect(reason.hasSuffix("was unplugged"))
        case .stalls, .garbles: #expect(reason == "no frame for 3.0 seconds")
        }
        if fault == 99 { before = Holdings() }
        if end == .leaves {
            // Tried once in vain, then plugged in at another place.
            await clock.waitForSleepers()
            clock.advanceToNextSleeper()
            #expect(await events.nextLoss()?.hasPrefix("no camera is among the video devices") == true)
            video.plug([
                VideoDevice(path: "/dev/video\(fault % 7)", card: "C525", driver: "uvcvideo", formats: ["MJPG"])
            ])
        }
        video.end(after: 1 + fault % 5, ends[(fault + 1) % ends.count])
        await clock.waitForSleepers()
        clock.advanceToNextSleeper()
    }
    await camera.stop()
    #expect(video.openStreams == 0)
    // The stop may have come during the start after the last fault.
    #expect(1399...1400 ~= camera.health.restarts)
    Holdings().compare(with: before, "v4l2", clock)
}
