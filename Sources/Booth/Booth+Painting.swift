import Album
import Devices
import Imaging
import Synchronization

extension Booth {
    /// Progress is told this often at most.
    static var progressInterval: Duration { .milliseconds(200) }

    /// Paints what waits longest: first the pictures of this run, then those of an earlier one.
    func startPainting() {
        guard !fresh.isEmpty || !leftOver.isEmpty else { return post(.conversionDropped) }
        let job = fresh.isEmpty ? leftOver.removeFirst() : fresh.removeFirst()
        isPaintingCancelled.store(false, ordering: .sequentiallyConsistent)
        running = job
        painting = Task {
            let event = await paint(job)
            running = nil
            withdrawn = nil
            post(event)
        }
    }

    private func paint(_ job: PaintingJob) async -> BoothEvent {
        guard let album, let picture = await album.picture(job.number) else { return .conversionDropped }
        let started = clock.time
        // The wish on the disk is the only place that knows the size: a restart changes nothing about it.
        let size = await album.wishedSize(of: job.style, job.number)
        do {
            let bytes = try await painter.paint(
                .file(path: picture.photoPath), style: job.style, size: size, progress: progress(of: job))
            return await save(bytes, job, started: started)
        } catch is CancellationError {
            if withdrawn == job {
                await giveUp(job, withdrawn: true, reason: Self.withdrawal)
                return .conversionDropped
            }
            leftOver.insert(job, at: 0)
            return .conversionPutBack
        } catch {
            return await handle(error, job)
        }
    }

    /// Passes progress on and ends the painting when that is wanted.
    private func progress(of job: PaintingJob) -> @Sendable (Int, Int) throws -> Void {
        let lastTold = Mutex<Duration?>(nil)
        return { [clock, news] done, rows in
            if self.isPaintingCancelled.load(ordering: .relaxed) { throw CancellationError() }
            let now = clock.time
            let isDue = lastTold.withLock { last in
                if let last, now - last < Self.progressInterval { return false }
                last = now
                return true
            }
            if isDue {
                let fraction = Double(done) / Double(max(rows, 1))
                news.send(.progress(number: job.number, style: job.style, fraction: fraction))
            }
        }
    }

    private func save(_ bytes: [UInt8], _ job: PaintingJob, started: Duration) async -> BoothEvent {
        guard let album else { return .conversionDropped }
        do throws(AlbumError) {
            let picture = try await album.saveAnime(bytes, of: job.number, style: job.style)
            log.info("\(picture.label): painted as \(job.style) in \((clock.time - started).milliseconds) ms")
            accept(picture, job)
            return .conversionDone
        } catch {
            switch error.kind {
            case .notFound: log.info("\(job.number): deleted while it was painted")
            case .invalid: return await handle(error, job)
            case .full, .readOnly, .inputOutput:
                log.error("\(error)")
                unsaved.append(.anime(bytes, job))
                post(.faultCame(error.kind == .full ? .disk : .album))
            }
            return .conversionDropped
        }
    }

    /// An anime picture is on the disk.
    func accept(_ picture: Picture, _ job: PaintingJob) {
        failures[job] = nil
        news.send(.done(picture, style: job.style))
        unpreviewed.append(picture.number)
    }

    private func handle(_ error: any Error, _ job: PaintingJob) async -> BoothEvent {
        let count = (failures[job] ?? 0) + 1
        log.warning("\(job.number) as \(job.style), attempt \(count): \(error)")
        guard count >= options.attempts else {
            failures[job] = count
            leftOver.append(job)
            return .conversionPutBack
        }
        await giveUp(job, reason: "\(error)")
        return .conversionGivenUp
    }

    /// Why a picture that was withdrawn has not been painted.
    static var withdrawal: String { "it was taken out of the queue" }

    /// Writes down that a picture is not painted in a style.
    func giveUp(_ job: PaintingJob, withdrawn isWithdrawn: Bool = false, reason: String) async {
        failures[job] = nil
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
