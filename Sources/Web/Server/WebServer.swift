import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The web server of an appliance: pages, pictures, events and all that guests and hosts can do with a phone.
///
/// ```swift
/// let server = try WebServer(appliance, options, log: log)
/// if let pin = server.newPin { print("the PIN is \(pin)") }
/// try await server.run()   // until stop() is called
/// ```
public final class WebServer: Sendable {
    /// The PIN, when this server had to make one because there was none.
    public let newPin: String?

    package let options: WebOptions
    package let desk: Desk
    private let log: Logger
    private let census: ConnectionCensus
    private let loops: MultiThreadedEventLoopGroup
    private let group = Mutex<(group: ServiceGroup?, isStopped: Bool)>((nil, false))
    private let listening = Mutex<Int?>(nil)

    /// Makes a server; it listens when it is run.
    ///
    /// - Throws: ``WebError`` when the PIN cannot be read or written.
    public init(_ appliance: any Appliance, _ options: WebOptions = WebOptions(), log: Logger) throws(WebError) {
        self.options = options
        self.log = log
        let pins = try PinStore(folder: options.stateFolder)
        newPin = pins.newPin
        census = ConnectionCensus(
            most: options.limits.connections, mostPerAddress: options.limits.connectionsPerAddress)
        loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        desk = Desk(appliance, options, pins: pins, connections: census, log: log)
    }

    /// The port that it listens on; nil before it does.
    public var port: Int? { listening.withLock { $0 } }

    /// The addresses under which other devices reach it, once it listens.
    public var addresses: [String] { desk.hosts.reachable }

    /// Serves until ``stop()`` is called.
    ///
    /// - Parameter whenListening: Called once with the port when requests are answered.
    /// - Throws: ``WebError`` when it cannot listen.
    public func run(whenListening: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        var listener = log
        listener.logLevel = max(log.logLevel, .warning)
        let app = Application(
            responder: desk.responder(),
            server: .http1(configuration: channelConfiguration),
            configuration: ApplicationConfiguration(
                address: .hostname(options.address, port: options.port), backlog: 128),
            services: [desk],
            onServerRunning: { [self] channel in
                let port = channel.localAddress?.port ?? options.port
                listening.withLock { $0 = port }
                desk.hosts.listens(on: port)
                whenListening(port)
            },
            eventLoopGroupProvider: .shared(loops), logger: listener)
        var configuration = ServiceGroupConfiguration(services: [app], logger: listener)
        configuration.maximumGracefulShutdownDuration = options.stopPatience
        let services = ServiceGroup(configuration: configuration)
        let isStopped = group.withLock { group in
            group.group = services
            return group.isStopped
        }
        if isStopped { await services.triggerGracefulShutdown() }
        await desk.open()
        var failure: WebError?
        do {
            try await services.run()
        } catch is CancellationError {
            // Requests took longer than the server's patience.
        } catch {
            failure = WebError("The web server cannot use \(options.address), port \(options.port): \(error)")
        }
        await desk.close()
        try? await loops.shutdownGracefully()
        if let failure { throw failure }
    }

    /// Ends the server: requests under way get a moment to be finished.
    public func stop() {
        let services = group.withLock { group in
            group.isStopped = true
            return group.group
        }
        Task { await services?.triggerGracefulShutdown() }
    }

    private var channelConfiguration: HTTP1Channel.Configuration {
        let (limits, census, mostBytes) = (options.limits, census, options.mostUploadBytes * 32)
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = limits.headerBytes / 2
        decoder.maxHeaderListSize = limits.headerBytes
        decoder.maxHeaderFieldCount = limits.headerFields
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(limits, census: census, mostBodyBytes: mostBytes)],
            idleTimeout: nil, httpDecoderConfiguration: decoder)
    }
}

/// Why a web server does not run: one sentence.
public struct WebError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// Makes an error of its sentence.
    public init(_ description: String) { self.description = description }
}
