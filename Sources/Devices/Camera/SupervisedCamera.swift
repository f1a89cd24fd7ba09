import Platform
import Synchronization

/// How long a camera may be silent, and how soon it is tried again.
public struct CameraPatience: Equatable, Sendable {
    /// Until the first frame after a start; sensors and small boards need a while.
    public var firstFrame: Duration = .seconds(6)
    /// Between frames.
    public var nextFrame: Duration = .seconds(3)
    /// Between TERM and KILL, for a camera that is a process.
    public var leave: Duration = .seconds(1)
    /// Before the first retry. It doubles from one to the next.
    public var shortestPause: Duration = .seconds(1)
    /// Before any retry at most.
    public var longestPause: Duration = .seconds(30)
    /// Frames for this long make the next pause the shortest again.
    public var recovery: Duration = .seconds(10)

    /// The times that suit cameras on boards.
    public init() {}
}

/// One run of a camera, from its start to its failure.
package protocol FrameSource: Sendable {
    /// Starts the device, hands its frames on and returns when the device fails or the task is cancelled. The device is
    /// free when it returns.
    ///
    /// - Parameter deliver: Takes a frame and its time on the device clock; nil where the device does not tell.
    /// - Returns: Why it ended, as part of a sentence.
    func run(deliver: @escaping @Sendable (Frame.Pixels, Duration?) -> Void) async -> String
}

/// Keeps a camera running: watches that frames come, stops what is stuck, and starts it again with growing pauses.
package final class SupervisedCamera: Camera {
    private struct State {
        var supervision: Task<Void, Never>?
        var isStopped = false
        var health = CameraHealth()
        /// The start of this run, then its last frame.
        var lastSign = Duration.zero
        /// When the frames of this run began; nil before the first.
        var firstFrame: Duration?
    }

    /// How long a stop waits for the device.
    private static let longestStop = Duration.seconds(2)

    package let name: String
    private let source: any FrameSource
    private let patience: CameraPatience
    private let clock: any DeviceClock
    private let broadcast: Broadcast<CameraEvent>
    private let state = Mutex(State())

    package init(name: String, source: any FrameSource, patience: CameraPatience, clock: any DeviceClock) {
        self.name = name
        self.source = source
        self.patience = patience
        self.clock = clock
        broadcast = Broadcast(.bufferingNewest(Self.eventsKept))
    }

    package func frames() -> AsyncStream<CameraEvent> {
        let stream = broadcast.subscribe()
        state.withLock { state in
            guard state.supervision == nil, !state.isStopped else { return }
            state.supervision = Task { await supervise() }
        }
        return stream
    }

    package func stop() async {
        let supervision = state.withLock { state in
            state.isStopped = true
            return state.supervision
        }
        if let supervision {
            supervision.cancel()
            await Self.wait(for: supervision, atMost: Self.longestStop)
        }
        broadcast.finish()
    }

    package var health: CameraHealth { state.withLock { $0.health } }

    /// Real time, whatever the camera's clock shows: the device is real.
    private static func wait(for task: Task<Void, Never>, atMost limit: Duration) async {
        let (end, reached) = AsyncStream.makeStream(of: Void.self)
        let alarm = Task {
            try? await Task.sleep(for: limit)
            reached.finish()
        }
        Task {
            await task.value
            reached.finish()
        }
        for await _ in end {}
        alarm.cancel()
    }

    private func supervise() async {
        var pause = patience.shortestPause
        while !Task.isCancelled {
            let reason = await attempt()
            if Task.isCancelled { break }
            let ran = state.withLock { state in
                state.health.problem = reason
                return state.firstFrame.map { state.lastSign - $0 } ?? .zero
            }
            if ran >= patience.recovery { pause = patience.shortestPause }
            broadcast.send(.lost(reason: reason))
            try? await clock.sleep(for: pause)
            pause = min(pause * 2, patience.longestPause)
            state.withLock { $0.health.restarts += 1 }
        }
    }

    private func attempt() async -> String {
        state.withLock { state in
            state.lastSign = clock.time
            state.firstFrame = nil
        }
        return await withTaskGroup(of: String.self) { group in
            group.addTask { await self.source.run { self.deliver($0, $1) } }
            group.addTask { await self.watch() }
            let reason = await group.next() ?? ""
            group.cancelAll()
            await group.waitForAll()
            return reason
        }
    }

    /// Returns when no frame has come for too long.
    private func watch() async -> String {
        while true {
            let (last, limit) = state.withLock { state in
                (state.lastSign, state.firstFrame == nil ? patience.firstFrame : patience.nextFrame)
            }
            if clock.time >= last + limit { return "no frame for \(limit)" }
            guard (try? await clock.sleep(until: DeviceInstant(last + limit), tolerance: nil)) != nil else { return "" }
        }
    }

    private func deliver(_ pixels: Frame.Pixels, _ time: Duration?) {
        let now = clock.time
        let (number, wasLost) = state.withLock { state in
            state.lastSign = now
            if state.firstFrame == nil { state.firstFrame = now }
            state.health.frames += 1
            state.health.lastFrame = now
            defer { state.health.problem = nil }
            return (state.health.frames, state.health.problem != nil)
        }
        if wasLost { broadcast.send(.recovered) }
        // A device's time that lies in the future is another clock's.
        broadcast.send(.frame(Frame(pixels, number: number, time: min(time ?? now, now))))
    }
}
