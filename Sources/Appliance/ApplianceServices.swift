import Booth
import Devices
import Logging
import Painting
import ServiceLifecycle
import Synchronization

/// The appliance from its start to its end: booth and web pages as one group of services.
///
/// It knows no signals. Whoever runs it calls ``stop()``, and ends the process when that takes too long: the end must
/// not depend on threads that may be held by a disk.
package final class ApplianceServices: Sendable {
    private let settings: Settings
    private let machine: Machine
    private let environment: [String: String]
    private let painter: ModelPainter
    private let board: BoardSpeed
    private let reports: AsyncStream<Painter.Report>
    private let log: Logger
    private let show: @Sendable (String) -> Void
    private let running = Mutex<(group: ServiceGroup?, isStopped: Bool)>((nil, false))

    /// Makes the painter; devices are taken when it is run.
    ///
    /// - Parameters:
    ///   - settings: All choices.
    ///   - machine: The board.
    ///   - environment: The variables of the process.
    ///   - log: Where it writes what happens.
    ///   - show: Gets what is worth seeing where standard error is a terminal.
    /// - Throws: A sentence when there is no style to paint in.
    package init(
        _ settings: Settings, _ machine: Machine, environment: [String: String], log: Logger,
        show: @escaping @Sendable (String) -> Void
    ) throws {
        self.settings = settings
        self.machine = machine
        self.environment = environment
        self.log = log
        self.show = show
        let (reports, told) = AsyncStream.makeStream(of: Painter.Report.self, bufferingPolicy: .bufferingNewest(16))
        self.reports = reports
        board = BoardSpeed(settings, machine)
        painter = try Assembly.painter(
            settings, speed: board.known, tell: { told.yield($0) }, complain: { log.warning("\($0)") })
    }

    /// Runs until ``stop()``, or until somebody shuts it down.
    ///
    /// - Throws: A sentence when a device cannot be taken.
    package func run() async throws {
        // Before there is anything to paint, and beside the search for a camera.
        let speed = Task { [settings, painter, board, log] in
            await Assembly.measureSpeed(settings, painter, board, log)
        }
        let equipment = try await Assembly.equipment(settings, log)
        let booth = Assembly.booth(equipment, settings, painter, machine, environment, log)
        // What comes last ends first: the pages show how the booth comes to its end.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let pages = pages(booth, equipment.camera) { services.append(.init(service: pages)) }
        services.append(
            .init(service: BoothService(booth: booth), successTerminationBehavior: .gracefullyShutdownGroup))
        var quiet = log
        quiet.logLevel = max(log.logLevel, .warning)
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: quiet))
        if take(group) { await group.triggerGracefulShutdown() }
        // Beside the group, which would wait for a model that is just being looked at.
        let models = Task { [settings, painter, log] in await Assembly.watchModels(settings, painter, log) }
        defer { models.cancel() }
        try await group.run()
        await speed.value
    }

    /// Ends it: the picture in hand is saved, requests under way get a moment.
    package func stop() {
        let group = running.withLock { running in
            running.isStopped = true
            return running.group
        }
        Task { await group?.triggerGracefulShutdown() }
    }

    /// - Returns: Whether it was stopped before it began.
    private func take(_ group: ServiceGroup) -> Bool {
        running.withLock { running in
            running.group = group
            return running.isStopped
        }
    }

    /// The web pages; nil when they are not wanted.
    private func pages(_ booth: Booth, _ camera: any Camera) -> WebPages? {
        guard settings.isWebEnabled else { return nil }
        var chosen: ChosenSettings?
        do {
            try StateFolder.make(settings.stateFolder)
            chosen = try ChosenSettings(folder: settings.stateFolder)
        } catch {
            log.warning("\(error); PIN and settings of the web pages are forgotten at the end")
        }
        let appliance = WebAppliance(booth, camera, painter, settings, reports: reports, chosen: chosen, log: log)
        return WebPages(appliance, settings, hasState: chosen != nil, log: log, show: show)
    }
}

private struct BoothService: Service {
    let booth: Booth

    func run() async {
        // A task of its own: whatever ends the group, the picture in hand is saved first.
        let running = Task { await booth.run() }
        await withTaskCancellationOrGracefulShutdownHandler {
            await running.value
        } onCancelOrGracefulShutdown: {
            booth.stop()
        }
    }
}
