import Album
import Devices

extension Booth {
    /// Paints what the queue has begun.
    func startPainting() {
        guard case .paint(let job) = state.queue.running else { return }
        let progress = PaintingProgress(at: clock.time)
        self.progress = progress
        painting = Task { await paint(job, progress) }
    }

    private func paint(_ job: PaintingJob, _ progress: PaintingProgress) async {
        guard let album, let picture = await album.picture(job.number) else { return handle(.conversionDropped) }
        // It may have been painted since it was found to wait.
        guard !picture.styles.contains(job.style) || picture.wanted.contains(job.style) else {
            return handle(.conversionDropped)
        }
        let started = clock.time
        // The wish on the disk is the only place that knows size and faces: a restart changes nothing about them.
        let wish = await album.wish(of: job.style, job.number)
        progress.begin(at: clock.time)
        let bytes: [UInt8]
        do {
            bytes = try await painter.paint(
                .file(path: picture.photoPath), style: job.style, as: wish, progress: signs(progress, of: job))
        } catch {
            progress.end()
            return await end(job, after: error)
        }
        progress.end()
        await save(bytes, job, started: started)
    }

    /// Passes progress on and ends the painting when that is wanted.
    private func signs(_ progress: PaintingProgress, of job: PaintingJob) -> @Sendable (Int, Int) throws -> Void {
        { [clock, news] done, rows in
            guard try progress.sign(at: clock.time) else { return }
            let fraction = Double(done) / Double(max(rows, 1))
            news.send(.progress(number: job.number, style: job.style, fraction: fraction))
        }
    }

    /// The system is told no more that all is well, and so starts the program anew. That the picture could not be painted is
    /// written down at once: the next run would only hang again, and never come to those that wait behind it.
    func tellOfStall(_ silence: Duration) {
        guard case .paint(let job) = state.queue.running else { return }
        log.critical(
            "\(job.number) as \(job.style): the painter hangs, it has shown nothing for \(silence.components.seconds) s; the program has to be started anew"
        )
        Task { await giveUp(job, reason: "the painter hung: it showed nothing for \(silence.components.seconds) s") }
    }

    private func save(_ bytes: [UInt8], _ job: PaintingJob, started: Duration) async {
        guard let album else { return handle(.conversionDropped) }
        do throws(AlbumError) {
            let picture = try await album.saveAnime(bytes, of: job.number, style: job.style)
            log.info("\(picture.label): painted as \(job.style) in \((clock.time - started).milliseconds) ms")
            accept(picture, job)
            handle(.conversionDone)
        } catch {
            switch error.kind {
            case .notFound: log.info("\(job.number): deleted while it was painted")
            case .invalid: return await end(job, after: error)
            case .full, .readOnly, .inputOutput:
                log.error("\(error)")
                unsaved.append(.anime(bytes, job))
                handle(.faultCame(error.kind == .full ? .disk : .album))
            }
            handle(.conversionDropped)
        }
    }

    /// An anime picture is on the disk.
    func accept(_ picture: Picture, _ job: PaintingJob) {
        news.send(.done(picture, style: job.style))
        unpreviewed.append(picture.number)
    }

    /// Ends a painting that has brought no picture.
    private func end(_ job: PaintingJob, after error: any Error) async {
        if state.queue.isWithdrawn {
            await giveUp(job, withdrawn: true, reason: Self.withdrawal)
            return handle(.conversionDropped)
        }
        if error is CancellationError { return handle(.conversionPutBack(hasFailed: false)) }
        let attempt = (state.queue.failures[.paint(job)] ?? 0) + 1
        log.warning("\(job.number) as \(job.style), attempt \(attempt): \(error)")
        guard attempt >= options.attempts else { return handle(.conversionPutBack(hasFailed: true)) }
        await giveUp(job, reason: "\(error)")
        handle(.conversionGivenUp)
    }

    /// Why a picture that was withdrawn has not been painted.
    static var withdrawal: String { "it was taken out of the queue" }

    /// Writes down that a picture is not painted in a style.
    func giveUp(_ job: PaintingJob, withdrawn isWithdrawn: Bool = false, reason: String) async {
        do throws(AlbumError) {
            if isWithdrawn {
                try await album?.withdraw(style: job.style, of: job.number, reason: reason)
            } else {
                try await album?.giveUp(style: job.style, of: job.number, reason: reason)
            }
        } catch {
            log.error("\(error)")
        }
        news.send(.failed(number: job.number, style: job.style, reason: reason))
    }
}
