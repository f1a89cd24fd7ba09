import Imaging
import NIOPosix
import Testing

import Web

@Suite("The preview")
struct ViewfinderTests {
    private let threads = NIOThreadPool(numberOfThreads: 1)

    private func withViewfinder(
        _ appliance: VirtualAppliance, style: String? = nil, linger: Duration = .seconds(3),
        _ body: @Sendable (Viewfinder) async throws -> Void
    ) async throws {
        threads.start()
        let viewfinder = Viewfinder(appliance, side: 64, style: style, threads, linger: linger)
        do { try await body(viewfinder) } catch {
            try? await threads.shutdownGracefully()
            throw error
        }
        await viewfinder.close()
        try await threads.shutdownGracefully()
    }

    private static func frame(_ answer: Viewfinder.Answer) throws -> Viewfinder.Frame {
        guard case .frame(let frame) = answer else { throw NoFrame(answer: "\(answer)") }
        return frame
    }

    @Test("a frame becomes a small JPEG file")
    func small() async throws {
        let appliance = try VirtualAppliance()
        try await withViewfinder(appliance) { viewfinder in
            try await appliance.rolling {
                let frame = try Self.frame(await viewfinder.next(after: 0, patience: .seconds(300)))
                #expect(frame.number > 0)
                let picture = try JPEGReader(.bytes(Array(frame.jpeg.readableBytesView), name: "frame"))
                #expect(max(picture.info.size.width, picture.info.size.height) == 64)
            }
        }
    }

    @Test("a frame is painted in a style for those who want it so")
    func painted() async throws {
        let appliance = try VirtualAppliance()
        try await withViewfinder(appliance, style: "cute") { viewfinder in
            try await appliance.rolling {
                let frame = try Self.frame(await viewfinder.next(after: 0, patience: .seconds(300)))
                #expect(String(decoding: Array(frame.jpeg.readableBytesView).suffix(4), as: UTF8.self) == "cute")
            }
        }
    }

    @Test("nothing comes while the painter has more important things to do")
    func busy() async throws {
        let appliance = try VirtualAppliance()
        try await withViewfinder(appliance, style: "busy") { viewfinder in
            await appliance.rolling {
                guard case .none = await viewfinder.next(after: 0, patience: .milliseconds(300)) else {
                    Issue.record("a frame came")
                    return
                }
            }
        }
    }

    @Test("each frame is made once for all who watch")
    func once() async throws {
        let appliance = try VirtualAppliance()
        // However slow the machine is, the watchers come back before the camera is let go.
        try await withViewfinder(appliance, linger: .seconds(600)) { viewfinder in
            try await appliance.rolling {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<8 {
                        group.addTask {
                            var last: UInt64 = 0
                            for _ in 0..<10 {
                                let answer = await viewfinder.next(after: last, patience: .seconds(300))
                                let number = try Self.frame(answer).number
                                #expect(number > last)
                                last = number
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let made = appliance.now.encoded
            #expect(made.count >= 10 && Set(made).count == made.count)
            #expect(appliance.now.framesAsked == 1)
        }
    }

    @Test("while nobody watches no frame is asked for")
    func nobody() async throws {
        let appliance = try VirtualAppliance()
        try await withViewfinder(appliance) { viewfinder in
            for number in 1...20 { appliance.show(UInt64(number)) }
            #expect(appliance.now.framesAsked == 0)
            try await appliance.rolling {
                _ = try Self.frame(await viewfinder.next(after: 0, patience: .seconds(300)))
                let made = appliance.now.encoded.count
                // Nobody watches any more: the camera is let go, and until then no picture is made.
                #expect(try await becomesTrue { appliance.now.frameStreams.isEmpty })
                #expect(appliance.now.encoded.count == made)
                // The last frame may still be fresh enough for a moment.
                let isAskedAgain = try await becomesTrue {
                    _ = try Self.frame(await viewfinder.next(after: 0, patience: .seconds(300)))
                    return appliance.now.framesAsked == 2
                }
                #expect(isAskedAgain)
            }
        }
    }

    @Test("a number of an earlier run stands for none")
    func earlierRun() async throws {
        let appliance = try VirtualAppliance()
        try await withViewfinder(appliance) { viewfinder in
            try await appliance.rolling {
                _ = try Self.frame(await viewfinder.next(after: 0, patience: .seconds(300)))
                let frame = try Self.frame(await viewfinder.next(after: 1_000_000_000, patience: .seconds(300)))
                #expect(frame.number < 1_000_000_000)
                _ = try Self.frame(await viewfinder.next(after: .max, patience: .seconds(300)))
            }
        }
    }

    @Test("without a camera that is said at once")
    func noCamera() async throws {
        try await withViewfinder(VirtualAppliance(hasCamera: false)) { viewfinder in
            guard case .noCamera = await viewfinder.next(after: 0, patience: .seconds(300)) else {
                Issue.record("there is a camera")
                return
            }
        }
    }

    @Test("waiting has an end, when no frame comes and when the server stops")
    func end() async throws {
        try await withViewfinder(VirtualAppliance()) { viewfinder in
            guard case .none = await viewfinder.next(after: 0, patience: .milliseconds(20)) else {
                Issue.record("there is a frame")
                return
            }
            let waiting = Task { await viewfinder.next(after: 0, patience: .seconds(3600)) }
            await viewfinder.close()
            guard case .none = await waiting.value else {
                Issue.record("there is a frame")
                return
            }
        }
    }
}

private struct NoFrame: Error { let answer: String }
