import Booth
import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import Web

/// Keeps the web server up while the appliance runs. The camera does not need it: what goes wrong here is logged and
/// tried again.
final class WebPages: Service {
    private static let retryInterval = Duration.seconds(10)

    private let appliance: WebAppliance
    private let options: WebOptions
    private let log: Logger
    private let show: @Sendable (String) -> Void
    private let server = Mutex<(server: WebServer?, isStopped: Bool)>((nil, false))

    /// `show` gets the code of the pages' address where standard error is a terminal.
    init(
        _ appliance: WebAppliance, _ settings: Settings, hasState: Bool, log: Logger,
        show: @escaping @Sendable (String) -> Void
    ) {
        self.appliance = appliance
        self.log = log
        self.show = show
        options = Self.options(settings, hasState: hasState)
    }

    private static func options(_ settings: Settings, hasState: Bool) -> WebOptions {
        var options = WebOptions()
        options.address = settings[.webAddress]
        options.port = settings.webPort
        options.name = settings[.webName]
        options.version = programVersion
        options.hostNames = settings[.webHosts].split(separator: " ").map(String.init)
        options.stateFolder = hasState ? settings.stateFolder : nil
        if !settings[.wifiName].isEmpty {
            let password = settings[.wifiPassword]
            options.wifi = WifiNetwork(name: settings[.wifiName], password: password.isEmpty ? nil : password)
        }
        options.stopPatience = .milliseconds(1500)
        return options
    }

    /// Serves until it is shut down.
    func run() async {
        await withGracefulShutdownHandler {
            await serve()
        } onGracefulShutdown: { [self] in
            stop()
        }
    }

    private func serve() async {
        var complaint = ""
        while !isStopped {
            do {
                let server = try WebServer(appliance, options, log: log)
                guard take(server) else { return }
                try await server.run { [self] _ in announce(server) }
            } catch {
                // The same sentence every ten seconds would fill the journal.
                if complaint != "\(error)" { log.error("\(error)") }
                complaint = "\(error)"
            }
            guard !isStopped else { return }
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: Self.retryInterval) }
        }
    }

    private func stop() {
        let running = server.withLock { state in
            state.isStopped = true
            return state.server
        }
        running?.stop()
    }

    private var isStopped: Bool { server.withLock { $0.isStopped } }

    private func take(_ new: WebServer) -> Bool {
        server.withLock { state in
            state.server = new
            return !state.isStopped
        }
    }

    private func announce(_ server: WebServer) {
        let port = server.port ?? options.port
        let addresses = server.addresses
        let own = addresses.first ?? "http://localhost:\(port)/"
        log.notice("web: \(addresses.isEmpty ? own : addresses.joined(separator: " "))")
        if let pin = server.newPin { log.notice("web: the host's PIN is \(pin); 'animesnap pin' makes another") }
        guard isatty(STDERR_FILENO) == 1 else { return }
        do {
            show(try QRCode(own).terminalLines.joined(separator: "\n") + "\n")
        } catch {
            log.info("\(error)")
        }
    }
}
