import Album
import Devices

/// A picture that somebody wishes to be taken.
public struct ShotWish: Sendable {
    /// Seconds before it; nil for those that are set.
    public var countdown: Int?
    /// What it is painted in; nil for the style that is set.
    public var style: String?

    /// Wishes a picture.
    public init(countdown: Int? = nil, style: String? = nil) {
        self.countdown = countdown
        self.style = style
    }
}

/// What is wished from elsewhere than the button.
extension Booth {
    /// Places of the queue that only the button and its like can take: guests who send photos must not block it.
    private static var reserved: Int { 2 }

    /// Presses the button for somebody. Returns when the countdown or the picture has begun.
    ///
    /// - Throws: ``BoothError`` when the style is unknown or no picture can be taken now.
    public func snap(_ wish: ShotWish) async throws(BoothError) {
        if let style = wish.style { try check(style: style) }
        let problem = await withCheckedContinuation { answer in
            if case .terminated = queue.yield(.wish(wish, answer)) {
                answer.resume(returning: BoothError(refusal, kind: .busy))
            }
        }
        if let problem { throw problem }
    }

    func take(_ wish: ShotWish) async -> BoothError? {
        let (standard, before, time) = (state.countdown, state.presses.count, clock.time)
        let reason = refusal
        state.countdown = wish.countdown.map { min(max($0, 0), 60) } ?? standard
        styleWishes[time] = wish.style
        await handle(.press(at: time))
        state.countdown = standard
        guard state.presses.count <= before else { return nil }
        styleWishes[time] = nil
        return BoothError(reason, kind: state.phase == .diskLow ? .full : .busy)
    }

    /// Saves a photo from elsewhere and queues it. It is durable when this returns.
    ///
    /// - Parameters:
    ///   - jpeg: A JPEG file.
    ///   - style: What it is painted in; nil for the style that is set.
    /// - Returns: The picture.
    /// - Throws: ``BoothError`` when the style is unknown, the queue is full or the album takes no photo.
    public func add(_ jpeg: [UInt8], style: String? = nil) async throws(BoothError) -> Picture {
        let style = style ?? self.style
        try check(style: style)
        let album = try openedAlbum()
        try checkQueue()
        do throws(AlbumError) {
            try await album.makeRoom()
            let picture = try await album.savePhoto(jpeg, style: style, taken: ShotTime.now())
            log.info("\(picture.label): saved, sent by a guest")
            accept(picture, style: style)
            post(.conversionAsked)
            return picture
        } catch {
            throw BoothError(error)
        }
    }

    /// Wishes a picture in another style or another size.
    ///
    /// - Parameters:
    ///   - style: The style.
    ///   - number: The picture's number.
    ///   - size: How large it is to be; nil for the size that is set. One that is given replaces what is painted.
    /// - Throws: ``BoothError`` when there is no such picture or style, it waits already, it is painted already and no
    ///   size is given, the queue is full, or the wish cannot be written down.
    public func request(style: String, of number: Int, size: PaintingSize? = nil) async throws(BoothError) {
        try check(style: style)
        let album = try openedAlbum()
        try checkQueue()
        let job = PaintingJob(number: number, style: style)
        guard let picture = await album.picture(number) else {
            throw BoothError("there is no picture \(number)", kind: .notFound)
        }
        guard size != nil || !picture.styles.contains(style) else {
            throw BoothError("picture \(number) is painted as \(style) already", kind: .exists)
        }
        guard running != job, !fresh.contains(job), !leftOver.contains(job) else {
            throw BoothError("picture \(number) waits to be painted as \(style) already", kind: .exists)
        }
        fresh.append(job)
        do throws(AlbumError) {
            try await album.request(style: style, of: number, size: size)
        } catch {
            fresh.removeAll { $0 == job }
            throw BoothError(error)
        }
        failures[job] = nil
        post(.conversionAsked)
    }

    /// What is being painted, and what waits in its order.
    public var work: (running: PaintingJob?, waiting: [PaintingJob]) { (running, fresh + leftOver) }

    /// Takes a picture out of the queue, the one that is being painted too.
    ///
    /// - Throws: ``BoothError`` when it is not in the queue.
    public func withdraw(_ job: PaintingJob) async throws(BoothError) {
        if job == running {
            withdrawn = job
            isPaintingCancelled.store(true, ordering: .sequentiallyConsistent)
            return
        }
        if let place = fresh.firstIndex(of: job) {
            fresh.remove(at: place)
            post(.conversionWithdrawn(isBacklog: false))
        } else if let place = leftOver.firstIndex(of: job) {
            leftOver.remove(at: place)
            post(.conversionWithdrawn(isBacklog: true))
        } else {
            throw BoothError("picture \(job.number) does not wait to be painted as \(job.style)", kind: .notFound)
        }
        await giveUp(job, withdrawn: true, reason: Self.withdrawal)
    }

    /// Sets the seconds from press to picture.
    public func setCountdown(_ seconds: Int) { state.countdown = min(max(seconds, 0), 60) }

    /// Shuts down as a long hold of the button does.
    public nonisolated func shutDown() {
        post(.holdProgressed(1))
        post(.holdCompleted)
    }

    private func check(style: String) throws(BoothError) {
        guard painter.knows(style: style) else {
            throw BoothError(
                "there is no style '\(style.prefix(40))'; there are \(painter.styles.joined(separator: ", "))")
        }
    }

    private func openedAlbum() throws(BoothError) -> Album {
        guard state.faults.isDisjoint(with: [.disk]) else { throw BoothError("the disk is nearly full", kind: .full) }
        switch state.phase {
        case .starting, .faulty, .stopping, .stopped: throw BoothError(refusal, kind: .busy)
        case .ready, .counting, .capturing, .noCamera, .diskLow: break
        }
        guard let album else { throw BoothError("the album is not open", kind: .busy) }
        return album
    }

    private func checkQueue() throws(BoothError) {
        guard fresh.count + 1 < max(options.queueLength - Self.reserved, 2) else {
            throw BoothError("the queue is full", kind: .busy)
        }
    }
}

extension BoothError {
    init(_ error: AlbumError) {
        let kind: Kind =
            switch error.kind {
            case .full: .full
            case .notFound: .notFound
            case .invalid: .invalid
            case .readOnly, .inputOutput: .busy
            }
        self.init(error.description, kind: kind)
    }
}
