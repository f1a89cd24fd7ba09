import Album
import Booth
import Devices
import Imaging
import Logging
import Painting
import Web

/// The booth and its album as the web server sees them.
package actor WebAppliance: Web.Appliance {
    let booth: Booth
    let camera: any Camera
    let painter: any StylePainter
    let log: Logger
    let samples: StyleSamples
    private let reports: AsyncStream<Painter.Report>
    private let started = ContinuousClock.now
    var chosen: ChosenSettings?
    /// What the settings say of drawn styles, other than what the host chose.
    let styleSettings: [StyleSetting]
    private var size: AnimeSize
    private var faces: AnimeFaces
    private var allowsUploads: Bool
    private var countdown: Int
    private var keepPictures: Int?
    private var running: (job: PaintingJob, fraction: Double)?
    private var lastShot: String?
    var exportState = ExportState.none

    enum ExportState {
        case none, running
        case failed(String)
    }

    /// `reports` tells what each painting took; `chosen` keeps changed settings, which are forgotten with the program's
    /// end when it is nil.
    package init(
        _ booth: Booth, _ camera: any Camera, _ painter: any StylePainter, _ settings: Settings,
        reports: AsyncStream<Painter.Report>, chosen: ChosenSettings?, log: Logger
    ) {
        self.booth = booth
        self.camera = camera
        self.painter = painter
        self.reports = reports
        self.chosen = chosen
        self.log = log
        styleSettings = settings.styleSettings.filter { !$0.isChosen }
        samples = StyleSamples(painter, of: StyleSample.photo(of: settings.library))
        size = settings.animeSide.map { .pixels($0) } ?? .full
        faces = AnimeFaces(settings.faces)
        allowsUploads = settings.allowsUploads
        countdown = settings.boothOptions.countdown
        keepPictures = settings.mostPictures
    }

    // MARK: Pictures

    package func pictures(_ wish: PictureWish) async -> PicturePage {
        guard let album = await booth.album else { return PicturePage(pictures: [], next: nil, count: 0) }
        let page = await album.page(
            before: wish.before, limit: wish.limit, style: wish.style, isPinned: wish.isPinned)
        let style = await booth.style
        return PicturePage(
            pictures: page.pictures.map { PictureEntry($0, standardStyle: style) }, next: page.next, count: page.count)
    }

    package func picture(_ number: Int) async -> PictureEntry? {
        guard let description = await booth.album?.description(of: number) else { return nil }
        return PictureEntry(description, standardStyle: await booth.style)
    }

    package func path(ofFile name: String) async -> String? { await booth.album?.path(ofFile: name) }

    package func fileNames(of numbers: [Int]?) async -> [String] { await booth.album?.fileNames(of: numbers) ?? [] }

    package func delete(_ number: Int) async throws(Refusal) {
        let album = try await album()
        try await refusing { () async throws(AlbumError) in try await album.delete(number) }
    }

    package func setPin(_ isPinned: Bool, of number: Int) async throws(Refusal) {
        let album = try await album()
        try await refusing { () async throws(AlbumError) in
            if isPinned { try await album.pin(number) } else { try await album.unpin(number) }
        }
    }

    package func wipe() async throws(Refusal) {
        let album = try await album()
        let all = await album.page(limit: 0).count
        try await refusing { () async throws(AlbumError) in try await album.wipe() }
        log.notice("web: the host deleted all \(all) pictures")
    }

    func album() async throws(Refusal) -> Album {
        guard let album = await booth.album else { throw Refusal(.busy, "The album cannot be opened.") }
        return album
    }

    // MARK: Work

    package func add(_ jpeg: [UInt8], style: String?, faces: AnimeFaces?) async throws(Refusal) -> PictureEntry {
        let picture: Picture
        do throws(BoothError) { picture = try await booth.add(jpeg, style: style, faces: faces?.paintingFaces) } catch {
            throw Refusal(error)
        }
        guard let entry = await self.picture(picture.number) else {
            throw Refusal(.notFound, "The picture was deleted at once.")
        }
        return entry
    }

    package func convert(
        _ number: Int, style: String, as anime: AnimeWish
    ) async throws(Refusal) -> JobEntry {
        let wish = PaintingWish(anime)
        do throws(BoothError) {
            try await booth.request(style: style, of: number, as: wish)
        } catch {
            throw Refusal(error)
        }
        let job = await jobs.first { $0.number == number && $0.style == style }
        return job ?? JobEntry(number: number, style: style, state: .running, position: 0)
    }

    package var jobs: [JobEntry] {
        get async {
            let work = await booth.work
            let first = work.running.map { job in
                let fraction = running?.job == job ? running?.fraction ?? 0 : 0
                return JobEntry(number: job.number, style: job.style, state: .running, progress: fraction, position: 0)
            }
            let offset = first == nil ? 0 : 1
            let rest = work.waiting.enumerated().map { place, job in
                JobEntry(number: job.number, style: job.style, state: .waiting, position: place + offset)
            }
            return [first].compactMap { $0 } + rest
        }
    }

    package func cancel(job id: String) async throws(Refusal) {
        let parts = id.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0]) else { throw Refusal(.notFound, "There is no such job.") }
        do throws(BoothError) {
            try await booth.withdraw(PaintingJob(number: number, style: String(parts[1])))
        } catch {
            throw Refusal(error)
        }
    }

    package func snap(countdown: Int?, style: String?) async throws(Refusal) {
        do throws(BoothError) {
            try await booth.snap(ShotWish(countdown: countdown, style: style))
        } catch {
            throw Refusal(error)
        }
    }

    // MARK: Styles and settings

    package var styles: [StyleEntry] {
        painter.descriptions.map { style in
            StyleEntry(
                name: style.name, title: style.title, licence: style.licence, isDrawn: painter.draws(style: style.name),
                hasSample: true, edition: painter.checksum(ofStyle: style.name))
        }
    }

    package func sample(ofStyle name: String) async -> [UInt8]? { await samples.sample(of: name) }

    package var settings: SettingsEntry {
        get async {
            SettingsEntry(
                style: await booth.style, size: size, faces: faces, uploads: allowsUploads, countdown: countdown,
                keepPictures: keepPictures)
        }
    }

    package func change(_ change: SettingsChange) async throws(Refusal) -> SettingsEntry {
        if let style = change.style, !painter.knows(style: style) {
            if RetiredStyles.successor(of: style) != nil {
                throw Refusal(BoothError(painter.unknownStyle(style)))
            }
            let names = painter.descriptions.map(\.name).joined(separator: ", ")
            throw Refusal(.invalid, "\"style\" has to be one of \(names).")
        }
        do throws(BoothError) { try chosen?.keep(change.values) } catch { throw Refusal(error) }
        if let style = change.style { _ = await booth.select(style: style) }
        if let size = change.size {
            self.size = size
            painter.setSize(size.painterSize)
        }
        if let faces = change.faces {
            self.faces = faces
            painter.setFaces(Painter.Faces(faces.paintingFaces))
        }
        if let seconds = change.countdown {
            countdown = seconds
            await booth.setCountdown(seconds)
        }
        if let keep = change.keepPictures {
            keepPictures = if case .most(let count) = keep { count } else { nil }
            await booth.album?.keep(atMost: keepPictures)
        }
        allowsUploads = change.uploads ?? allowsUploads
        return await settings
    }

    // MARK: How it is

    package var state: StateEntry { get async { StateEntry(await booth.state) } }

    package var health: HealthEntry {
        get async {
            let (now, fared) = (await booth.health(), camera.health)
            var entry = HealthEntry(
                camera: .init(name: now.camera, frameAge: now.frameAgeMilliseconds, restarts: fared.restarts),
                queue: .init(waiting: now.queue, capacity: await booth.state.queueLength))
            entry.state = StateEntry(await booth.state).state
            entry.lastShot = lastShot
            entry.temperature = now.temperature
            entry.isThrottled = now.throttling.isEmpty && now.temperature == nil ? nil : !now.throttling.isEmpty
            entry.memoryFree = (now.freeMemory ?? 0) >> 20
            entry.memoryResident = (now.residentMemory ?? 0) >> 20
            entry.contiguousMemoryFree = now.freeContiguousMemory.map { $0 >> 20 }
            entry.diskFree = (now.freeDisk ?? 0) >> 20
            entry.pictures = now.pictures ?? 0
            entry.uptime = Int((ContinuousClock.now - started).components.seconds)
            entry.problems = now.throttling + [fared.problem].compactMap { $0 }
            if case .failed(let sentence) = exportState { entry.problems.append(sentence) }
            if now.unsaved > 0 { entry.problems.append("\(now.unsaved) pictures wait for the disk") }
            return entry
        }
    }

    package func frames() async -> AsyncStream<CameraFrame>? {
        guard await !booth.state.faults.contains(.camera) else { return nil }
        let events = camera.frames()
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                for await case .frame(let frame) in events {
                    continuation.yield(CameraFrame(number: frame.number) { try frame.jpeg(quality: 80) })
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    package func paintLive(_ jpeg: [UInt8], style: String) async -> [UInt8]? {
        // Pictures that people took come first.
        guard await !booth.state.isConverting else { return nil }
        return try? await painter.paintLive(.bytes(jpeg, name: "the camera's frame"), style: style)
    }

    package func shutDown() {
        log.notice("web: the host shuts down")
        booth.shutDown()
    }

    // MARK: News

    package nonisolated func news() -> AsyncStream<ApplianceNews> {
        let events = booth.events()
        return AsyncStream { continuation in
            let task = Task {
                await withDiscardingTaskGroup { group in
                    group.addTask { for await news in events { await self.pass(news, to: continuation) } }
                    group.addTask { await self.passChanges(to: continuation) }
                    group.addTask {
                        for await report in self.reports { continuation.yield(.stages(StageTimes(report))) }
                    }
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func pass(_ news: BoothNews, to stream: AsyncStream<ApplianceNews>.Continuation) {
        switch news {
        case .state(let state): stream.yield(.state(StateEntry(state)))
        case .photoSaved: lastShot = Timestamp.now
        case .progress(let number, let style, let fraction):
            running = (PaintingJob(number: number, style: style), fraction)
            stream.yield(.progress(number: number, style: style, fraction: fraction))
        case .done(let picture, let style): stream.yield(.done(number: picture.number, style: style))
        case .failed(let number, let style, let reason):
            stream.yield(.failed(number: number, style: style, reason: reason))
        case .style, .health: break
        }
    }

    private func passChanges(to stream: AsyncStream<ApplianceNews>.Continuation) async {
        var album = await booth.album
        while album == nil {
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return }
            album = await booth.album
        }
        guard let album else { return }
        for await change in album.changes() {
            switch change {
            case .photoSaved(let picture), .animeSaved(let picture, _), .changed(let picture):
                // It may be gone or different by now: the newest is what counts.
                if let entry = await self.picture(picture.number) { stream.yield(.picture(entry)) }
            case .deleted(let number): stream.yield(.deleted(number: number))
            case .wiped(let numbers): for number in numbers { stream.yield(.deleted(number: number)) }
            }
        }
    }
}
