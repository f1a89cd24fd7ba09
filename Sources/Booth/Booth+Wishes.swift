import Album
import Devices

/// A picture that somebody wishes to be taken.
public struct ShotWish: Equatable, Sendable {
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

    /// Presses the button for somebody. The countdown or the picture has begun when this returns.
    ///
    /// - Throws: ``BoothError`` when the style is unknown or no picture can be taken now.
    public func snap(_ wish: ShotWish) throws(BoothError) {
        if let style = wish.style { try check(style: style) }
        let (before, reason) = (state.presses.count, refusal)
        handle(.press(at: clock.time, wish: wish))
        guard state.presses.count <= before else { return }
        throw BoothError(reason, kind: state.phase == .diskLow ? .full : .busy)
    }

    /// Saves a photo from elsewhere and queues it. It is durable when this returns.
    ///
    /// - Parameters:
    ///   - jpeg: A JPEG file.
    ///   - style: What it is painted in; nil for the style that is set.
    ///   - faces: What is done with its faces; nil for what is set when its turn comes.
    /// - Returns: The picture.
    /// - Throws: ``BoothError`` when the style is unknown, the queue is full or the album takes no photo.
    public func add(
        _ jpeg: [UInt8], style: String? = nil, faces: PaintingFaces? = nil
    ) async throws(BoothError) -> Picture {
        let style = style ?? self.style
        try check(style: style)
        let album = try openedAlbum()
        // Many may send at once: each keeps a place while its photo is saved.
        try keepPlace(for: nil)
        do throws(AlbumError) {
            try await album.makeRoom()
            let (picture, style) = try await save(TakenPhoto(jpeg, style: style, taken: ShotTime.now()), in: album)
            log.info("\(picture.label): saved, sent by a guest")
            accept(picture)
            if let faces { await keep(PaintingWish(faces: faces), for: style, of: picture, in: album) }
            state.queue.cease(toExpect: nil)
            handle(.conversionAsked(.paint(PaintingJob(number: picture.number, style: style))))
            return picture
        } catch {
            state.queue.cease(toExpect: nil)
            throw BoothError(error)
        }
    }

    /// The photo is safe whatever becomes of the wish.
    private func keep(_ wish: PaintingWish, for style: String, of picture: Picture, in album: Album) async {
        do throws(AlbumError) {
            try await album.request(style: style, of: picture.number, as: wish)
        } catch {
            log.warning("\(picture.label): what is wished for its faces is not known any more: \(error)")
        }
    }

    /// Wishes a picture in another style, or painted otherwise.
    ///
    /// - Parameters:
    ///   - style: The style.
    ///   - number: The picture's number.
    ///   - wish: How it is to be painted, where that is not what is set. It replaces what is painted then.
    /// - Throws: ``BoothError`` when there is no such picture or style, it waits already, it is painted already and
    ///   nothing else is wished, the queue is full, or the wish cannot be written down.
    public func request(
        style: String, of number: Int, as wish: PaintingWish = PaintingWish()
    ) async throws(BoothError) {
        try check(style: style)
        guard (wish.hair == nil && wish.eyes == nil) || painter.draws(style: style) else {
            throw BoothError("the style '\(style)' is not drawn, so hair and eyes keep the colours that it paints")
        }
        let album = try openedAlbum()
        let job = WorkQueue.Job.paint(PaintingJob(number: number, style: style))
        guard !state.queue.contains(job) else {
            throw BoothError("picture \(number) waits to be painted as \(style) already", kind: .exists)
        }
        try keepPlace(for: job)
        do throws(BoothError) {
            try await writeDown(style, wish, of: number, in: album)
        } catch {
            state.queue.cease(toExpect: job)
            throw error
        }
        handle(.conversionAsked(job))
    }

    private func writeDown(
        _ style: String, _ wish: PaintingWish, of number: Int, in album: Album
    ) async throws(BoothError) {
        guard let picture = await album.picture(number) else {
            throw BoothError("there is no picture \(number)", kind: .notFound)
        }
        guard wish != PaintingWish() || !picture.styles.contains(style) else {
            throw BoothError("picture \(number) is painted as \(style) already", kind: .exists)
        }
        do throws(AlbumError) {
            try await album.request(style: style, of: number, as: wish)
        } catch {
            throw BoothError(error)
        }
    }

    /// What is being painted, and what waits in its order.
    public var work: (running: PaintingJob?, waiting: [PaintingJob]) {
        func painting(_ job: WorkQueue.Job) -> PaintingJob? {
            switch job {
            case .paint(let job): job
            }
        }
        return (state.queue.running.flatMap(painting), state.queue.waiting.compactMap(painting))
    }

    /// Takes a picture out of the queue, the one that is being painted too.
    ///
    /// - Throws: ``BoothError`` when it is not in the queue.
    public func withdraw(_ job: PaintingJob) async throws(BoothError) {
        let queue = state.queue
        guard queue.running == .paint(job) || queue.waiting.contains(.paint(job)) else {
            throw BoothError("picture \(job.number) does not wait to be painted as \(job.style)", kind: .notFound)
        }
        handle(.conversionWithdrawn(.paint(job)))
        if queue.running == .paint(job) {
            // The painting's end writes it down.
            progress?.cancel()
        } else {
            await giveUp(job, withdrawn: true, reason: Self.withdrawal)
        }
    }

    /// Sets the seconds from press to picture.
    public func setCountdown(_ seconds: Int) { state.countdown = min(max(seconds, 0), BoothState.longestCountdown) }

    /// Shuts down as a long hold of the button does.
    public nonisolated func shutDown() {
        post(.holdProgressed(1))
        post(.holdCompleted)
    }

    private func check(style: String) throws(BoothError) {
        guard painter.knows(style: style) else { throw BoothError(painter.unknownStyle(style)) }
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

    private func keepPlace(for job: WorkQueue.Job?) throws(BoothError) {
        guard state.waiting + state.queue.expectedCount + 1 < max(options.queueLength - Self.reserved, 2) else {
            throw BoothError("the queue is full", kind: .busy)
        }
        state.queue.expect(job)
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
