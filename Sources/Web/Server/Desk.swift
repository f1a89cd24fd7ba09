import Hummingbird
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization

/// What the routes share, and what runs beside requests.
package final class Desk: Service {
    package let appliance: any Appliance
    package let options: WebOptions
    package let hosts: OwnHosts
    package let pins: PinStore
    package let sessions: Sessions
    package let gate: PinGate
    package let events = EventHub()
    package let history = History()
    package let viewfinder: Viewfinder
    package let uploads: Turnstile
    /// Who listens to events and who watches the preview.
    package let listeners: ConnectionCensus
    package let viewers: ConnectionCensus
    package let connections: ConnectionCensus
    /// Where files are read and pictures are decoded: a slow card must not hold up anything else.
    package let threads: NIOThreadPool
    package let log: Logger

    /// One for each style that somebody watched in.
    private let painted = Mutex<[String: Viewfinder]>([:])
    private let lastProgress = Mutex<ContinuousClock.Instant?>(nil)

    package init(
        _ appliance: any Appliance, _ options: WebOptions, pins: PinStore, connections: ConnectionCensus, log: Logger
    ) {
        let threads = NIOThreadPool(numberOfThreads: 2)
        self.appliance = appliance
        self.options = options
        self.connections = connections
        self.threads = threads
        self.log = log
        self.pins = pins
        sessions = Sessions { pins.edition }
        hosts = OwnHosts(names: options.hostNames, port: options.port)
        gate = PinGate { pin in (try? await threads.runIfActive { pins.isRight(pin) }) ?? false }
        viewfinder = Viewfinder(appliance, side: options.previewSide, threads)
        uploads = Turnstile(places: options.mostUploads, patience: options.uploadPatience)
        listeners = ConnectionCensus(
            most: options.mostEventStreams, mostPerAddress: options.mostEventStreamsPerAddress)
        viewers = ConnectionCensus(most: options.mostViewers, mostPerAddress: options.mostViewersPerAddress)
    }

    package var routes: [Route] {
        sessionRoutes + pictureRoutes + workRoutes + liveRoutes + styleRoutes + hostRoutes + codeRoutes
    }

    package func responder() -> WebResponder {
        WebResponder(
            routes: routes, pages: StaticPages(), hosts: hosts, sessions: sessions,
            mayUpload: { [appliance] in await appliance.settings.uploads }, log: log)
    }

    /// Makes ready for requests.
    func open() async {
        threads.start()
        events.send("state", await appliance.state, isKept: false, isStanding: true)
    }

    /// Lets everything go.
    package func close() async {
        events.finish()
        await closeViewfinders()
        try? await threads.shutdownGracefully()
    }

    /// What shows the camera in a style, or as it is.
    package func viewfinder(style: String?) async throws(Problem) -> Viewfinder {
        guard let style else { return viewfinder }
        let known = await appliance.styles.map(\.name)
        guard known.contains(style) else {
            throw Problem(.unprocessableContent, "\"style\" has to be one of \(known.joined(separator: ", ")).")
        }
        return painted.withLock { all in
            let made = all[style] ?? Viewfinder(appliance, side: options.previewSide, style: style, threads)
            all[style] = made
            return made
        }
    }

    /// Lets those go who watch.
    private func closeViewfinders() async {
        await viewfinder.close()
        for one in painted.withLock({ Array($0.values) }) { await one.close() }
    }

    /// Passes on what happens until the server stops.
    package func run() async throws {
        let news = appliance.news()
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown {
                await withDiscardingTaskGroup { group in
                    group.addTask { for await entry in news { self.tell(entry) } }
                    group.addTask { await self.tellHealth() }
                }
            }
        } onGracefulShutdown: { [self] in
            // Streams have no end of their own, and the server waits for all responses.
            events.finish()
            Task { await closeViewfinders() }
        }
    }

    private func tell(_ news: ApplianceNews) {
        switch news {
        case .state(let entry): events.send("state", entry, isKept: false, isStanding: true)
        case .picture(let entry): events.send("picture", entry)
        case .progress(let number, let style, let fraction):
            guard isProgressDue(fraction) else { return }
            let entry = ProgressEntry(number: number, style: style, progress: fraction)
            events.send("progress", entry, isKept: false)
        case .done(let number, let style): events.send("done", DoneEntry(number: number, style: style))
        case .failed(let number, let style, let reason):
            events.send("failed", FailedEntry(number: number, style: style, reason: reason))
        case .deleted(let number): events.send("deleted", DeletedEntry(number: number))
        case .stages(let times): history.add(times)
        }
    }

    /// At most five times a second, and always at the end.
    private func isProgressDue(_ fraction: Double) -> Bool {
        let now = ContinuousClock.now
        return lastProgress.withLock { last in
            if let last, now - last < .milliseconds(200), fraction < 1 { return false }
            last = now
            return true
        }
    }

    private func tellHealth() async {
        while !Task.isCancelled {
            let health = await appliance.health
            history.add(health)
            // It also shows both sides of a stream, and whatever is between them, that the other is still there.
            events.send("health", health, isKept: false, isStanding: true)
            guard (try? await Task.sleep(for: options.healthInterval)) != nil else { return }
        }
    }
}

private struct ProgressEntry: Encodable {
    let number: Int
    let style: String
    let progress: Double
}

private struct DoneEntry: Encodable {
    let number: Int
    let style: String
}

private struct FailedEntry: Encodable {
    let number: Int
    let style: String
    let reason: String
}

private struct DeletedEntry: Encodable { let number: Int }
