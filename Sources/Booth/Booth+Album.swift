import Album
import Devices

extension Booth {
    /// Opens the album and gives the camera time to come.
    func start(at begun: Duration) -> Task<Void, Never> {
        Task { [clock, options] in
            if let problem = await open() {
                log.error("\(problem)")
                handle(.faultCame(problem.kind == .full ? .disk : .album))
            }
            while picker.isWarmingUp, !state.faults.contains(.camera), clock.time - begun < options.cameraPatience {
                guard (try? await clock.sleep(for: .milliseconds(50))) != nil else { return }
            }
            if picker.isWarmingUp, !state.faults.contains(.camera) {
                log.warning("camera \(equipment.camera.name): no frames yet")
                handle(.faultCame(.camera))
            }
            handle(.started)
        }
    }

    private func open() async -> AlbumError? {
        guard album == nil else { return nil }
        do throws(AlbumError) {
            let opened = try await openAlbum()
            // Nobody would close it any more.
            if state.phase == .stopped { await opened.close() } else { album = opened }
            return nil
        } catch {
            return error
        }
    }

    /// Finds what an earlier run left.
    func takeUpWork() {
        service.ready(status: Self.words(for: state))
        log.notice("\(Self.words(for: state)), style \(style)")
        takeUp()
    }

    private func takeUp() {
        guard let album, !hasTakenUp else { return }
        hasTakenUp = true
        Task { await takeUp(album) }
    }

    private func takeUp(_ album: Album) async {
        let jobs = await album.pending.map { conversion in
            WorkQueue.Job.paint(
                PaintingJob(number: conversion.number, style: conversion.style.isEmpty ? style : conversion.style))
        }
        // Pictures of this run are among what is found.
        let earlier = jobs.filter { !state.queue.contains($0) }
        if !earlier.isEmpty { log.notice("\(earlier.count) pictures of an earlier run are to be painted") }
        handle(.backlogFound(earlier))
        var before: Int?
        while true {
            let pictures = await album.pictures(before: before, limit: 200)
            guard let last = pictures.last else { break }
            before = last.number
            unpreviewed.insert(contentsOf: pictures.filter { !$0.hasThumbnails }.map(\.number).reversed(), at: 0)
        }
        makePreviews()
    }

    /// Makes the previews of one picture after the other, while no picture is taken.
    func makePreviews() {
        guard !isPreviewing, !unpreviewed.isEmpty, let album, isQuiet else { return }
        isPreviewing = true
        Task {
            while isQuiet, let number = unpreviewed.popLast() {
                do {
                    try await album.makeRenditions(of: number)
                } catch {
                    log.warning("\(error)")
                }
            }
            isPreviewing = false
        }
    }

    private var isQuiet: Bool {
        switch state.phase {
        case .ready, .noCamera, .diskLow: true
        case .starting, .counting, .capturing, .faulty, .stopping, .stopped: false
        }
    }

    /// Tries again what failed, every few seconds while something is missing.
    func recover() {
        guard recovery == nil, !state.faults.isDisjoint(with: [.album, .disk]), state.phase != .stopping else { return }
        recovery = Task { [clock, options] in
            try? await clock.sleep(for: options.retryInterval)
            if !Task.isCancelled { await tryAgain() }
            recovery = nil
        }
    }

    private func tryAgain() async {
        var problem = await open()
        if problem == nil { problem = await makeRoomAgain() }
        if problem == nil { problem = await saveTheUnsaved() }
        let isFull = problem?.kind == .full
        if let problem, !state.faults.contains(isFull ? .disk : .album) {
            log.error("\(problem)")
            handle(.faultCame(isFull ? .disk : .album))
        }
        // Something may have come into hand since: its fault stays until it is saved.
        guard problem != nil || unsaved.isEmpty else { return }
        if state.faults.contains(.album), problem == nil || isFull { handle(.faultWent(.album)) }
        if state.faults.contains(.disk), problem == nil { handle(.faultWent(.disk)) }
        takeUp()
    }

    func makeRoomAgain() async -> AlbumError? {
        do throws(AlbumError) {
            try await album?.makeRoom()
            return nil
        } catch {
            return error
        }
    }

    /// Writes what is in hand, in the order in which it came.
    @discardableResult
    func saveTheUnsaved() async -> AlbumError? {
        guard let album else { return nil }
        while let item = unsaved.take() {
            do throws(AlbumError) {
                switch item {
                case .photo(let photo):
                    let (picture, style) = try await save(photo, in: album)
                    log.notice("\(picture.label): saved late")
                    accept(picture)
                    handle(.conversionAsked(.paint(PaintingJob(number: picture.number, style: style))))
                case .anime(let jpeg, let job):
                    accept(try await album.saveAnime(jpeg, of: job.number, style: job.style), job)
                }
            } catch {
                guard error.kind == .notFound || error.kind == .invalid else {
                    unsaved.putBack()
                    return error
                }
                log.warning("\(error)")
            }
            unsaved.finish()
        }
        return nil
    }

    /// Saves a photo, if not for its style then for another one: a photo in hand is not lost for the sake of a name.
    ///
    /// - Returns: The picture, and what it is to be painted in.
    /// - Throws: When it is no JPEG picture, or cannot be written.
    func save(_ photo: TakenPhoto, in album: Album) async throws(AlbumError) -> (Picture, style: String) {
        let problem: AlbumError
        do throws(AlbumError) {
            return (try await album.savePhoto(photo.jpeg, style: photo.style, taken: photo.taken), photo.style)
        } catch {
            guard error.kind == .invalid else { throw error }
            problem = error
        }
        for style in painter.styles + [""] where style != photo.style {
            do throws(AlbumError) {
                let picture = try await album.savePhoto(photo.jpeg, style: style, taken: photo.taken)
                log.warning("\(picture.label): saved for another style: \(problem)")
                return (picture, style.isEmpty ? photo.style : style)
            } catch {
                guard error.kind == .invalid else { throw error }
            }
        }
        throw problem
    }
}
