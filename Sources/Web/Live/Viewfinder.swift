import Imaging
import NIOCore
import NIOPosix

/// Hands the camera's frames to all who watch, as they are or painted in a style: one picture is made for all of them, and
/// none while nobody watches.
package actor Viewfinder {
    package struct Frame: Sendable {
        package let number: UInt64
        package let jpeg: ByteBuffer
    }

    package enum Answer: Sendable {
        case frame(Frame)
        /// None came in time.
        case none
        case noCamera
    }

    /// How old a frame may be to be shown to somebody who has just come.
    private static let fresh = Duration.milliseconds(500)

    private let appliance: any Appliance
    private let side: Int
    private let style: String?
    private let threads: NIOThreadPool
    private let linger: Duration
    private var newest: (frame: Frame, at: ContinuousClock.Instant)?
    private var waiting: [Int: CheckedContinuation<Answer, Never>] = [:]
    private var nextTicket = 0
    private var visitors: Set<Int> = []
    private var watch: Task<Void, Never>?
    private var lastWish = ContinuousClock.now
    private var isClosed = false

    /// `linger` is how long the camera is listened to after the last one looked away: long polls come again and again.
    package init(
        _ appliance: any Appliance, side: Int, style: String? = nil, _ threads: NIOThreadPool,
        linger: Duration = .seconds(3)
    ) {
        self.appliance = appliance
        self.side = side
        self.style = style
        self.threads = threads
        self.linger = linger
    }

    /// The first frame after one of this number. A number that is larger than any so far is of an earlier run and
    /// stands for none.
    package func next(after number: UInt64, patience: Duration) async -> Answer {
        nextTicket += 1
        return await next(after: number, patience: patience, ticket: nextTicket)
    }

    private func next(after number: UInt64, patience: Duration, ticket: Int) async -> Answer {
        guard !isClosed else { return .none }
        lastWish = .now
        if let newest, newest.frame.number != number, lastWish - newest.at < Self.fresh { return .frame(newest.frame) }
        if watch == nil { watch = Task { await self.look() } }
        let timeout = Task {
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            self.answer(ticket, .none)
        }
        defer { timeout.cancel() }
        return await withCheckedContinuation { waiting[ticket] = $0 }
    }

    /// Begins a visit of somebody who looks at frame after frame.
    package func enter() -> Int {
        nextTicket += 1
        visitors.insert(nextTicket)
        return nextTicket
    }

    /// As ``next(after:patience:)``, but ends with the visit.
    package func next(after number: UInt64, patience: Duration, visit: Int) async -> Answer {
        guard visitors.contains(visit) else { return .none }
        return await next(after: number, patience: patience, ticket: visit)
    }

    /// Ends a visit: who has left is not waited for until there is something to see.
    package func leave(_ visit: Int) {
        visitors.remove(visit)
        answer(visit, .none)
    }

    /// Lets everybody go and takes no more.
    package func close() {
        isClosed = true
        watch?.cancel()
        answerAll(.none)
    }

    private func answer(_ ticket: Int, _ answer: Answer) {
        waiting.removeValue(forKey: ticket)?.resume(returning: answer)
    }

    private func answerAll(_ answer: Answer) {
        let all = waiting
        waiting = [:]
        for continuation in all.values { continuation.resume(returning: answer) }
    }

    private func look() async {
        defer { watch = nil }
        guard let frames = await appliance.frames() else { return answerAll(.noCamera) }
        for await frame in frames {
            if waiting.isEmpty {
                if ContinuousClock.now - lastWish > linger { return }
                continue
            }
            guard frame.number != newest?.frame.number, let jpeg = await picture(of: frame) else { continue }
            let made = Frame(number: frame.number, jpeg: jpeg)
            newest = (made, .now)
            answerAll(.frame(made))
        }
        answerAll(.none)
    }

    private func picture(of frame: CameraFrame) async -> ByteBuffer? {
        if let style {
            guard let jpeg = try? await threads.runIfActive({ try frame.jpeg() }) else { return nil }
            return await appliance.paintLive(jpeg, style: style).map { ByteBuffer(bytes: $0) }
        }
        return try? await threads.runIfActive { [side] in
            let reader = try PictureReader(.bytes(try frame.jpeg(), name: "the camera's frame"), longestSide: side)
            return ByteBuffer(bytes: try RGBImage(reading: reader).jpeg(JPEGWriter.Options(quality: 75)))
        }
    }
}
