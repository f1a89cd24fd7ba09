import Album
import Devices

extension Booth {
    /// Opens the album and gives the camera time to come.
    func start(at begun: Duration) -> Task<Void, Never> {
        Task { [clock, options] in
            if let problem = await open() {
                log.error("\(problem)")
                post(.faultCame(problem.kind == .full ? .disk : .album))
            }
            while picker.isWarmingUp, !state.faults.contains(.camera), clock.time - begun < options.cameraPatience {
                guard (try? await clock.sleep(for: .milliseconds(50))) != nil else { return }
            }
            if picker.isWarmingUp, !state.faults.contains(.camera) {
                log.warning("camera \(equipment.camera.name): no frames yet")
                post(.faultCame(.camera))
            }
            post(.started)
        }
    }

    private func open() async -> AlbumError? {
        guard album == nil else { return nil }
        do throws(AlbumError) {
            album = try await openAlbum()
            return nil
        } catch {
            return error
        }
    }

    /// Finds what an earlier run left.
    func takeUpWork() {
        service.ready(status: Self.words(for: state))
        log.notice("\(Self.words(for: state)), style \(style)")
        Task { await takeUp() }
    }

    private func takeUp() async {
        guard let album, !hasTakenUp else { return }
        hasTakenUp = true
        let pending = await album.pending
        var jobs: [PaintingJob] = []
        for conversion in pending {
            let job = PaintingJob(number: conversion.number, style: conversion.style.isEmpty ? style : conversion.style)
            if !fresh.contains(job), !jobs.contains(job) { jobs.append(job) }
        }
        if !jobs.isEmpty { log.notice("\(jobs.count) pictures of an earlier run are to be painted") }
        leftOver += jobs
        post(.backlogFound(jobs.count))
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
        guard !isRecovering, !state.faults.isDisjoint(with: [.album, .disk]), state.phase != .stopping else { return }
        isRecovering = true
        Task { [clock, options] in
            try? await clock.sleep(for: options.retryInterval)
            await tryAgain()
            isRecovering = false
        }
    }

    private func tryAgain() async {
        var problem = await open()
        if problem == nil { problem = await makeRoomAgain() }
        if problem == nil { problem = await saveTheUnsaved() }
        let isFull = problem?.kind == .full
        if let problem, !state.faults.contains(isFull ? .disk : .album) {
            log.error("\(problem)")
            post(.faultCame(isFull ? .disk : .album))
        }
        if state.faults.contains(.album), problem == nil || isFull { post(.faultWent(.album)) }
        if state.faults.contains(.disk), problem == nil { post(.faultWent(.disk)) }
        if album != nil { await takeUp() }
    }

    private func makeRoomAgain() async -> AlbumError? {
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
        while let first = unsaved.first {
            do throws(AlbumError) {
                switch first {
                case .photo(let jpeg, let style, let taken):
                    let picture = try await album.savePhoto(jpeg, style: style, taken: taken)
                    log.notice("\(picture.label): saved late")
                    accept(picture, style: style)
                    post(.conversionAsked)
                case .anime(let jpeg, let job):
                    accept(try await album.saveAnime(jpeg, of: job.number, style: job.style), job)
                }
            } catch {
                guard error.kind == .notFound || error.kind == .invalid else { return error }
                log.warning("\(error)")
            }
            unsaved.removeFirst()
        }
        return nil
    }
}
