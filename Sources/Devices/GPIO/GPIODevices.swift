import Platform
import Synchronization

/// The machine's GPIO chips.
public enum GPIO {
    /// The version of libgpiod, "2.2.1" say.
    ///
    /// - Throws: ``DeviceError`` when it is not installed.
    public static func libraryVersion() throws(DeviceError) -> String { try Libgpiod().version }

    /// All chips.
    ///
    /// - Throws: ``DeviceError`` when libgpiod is not installed or a chip may not be opened.
    public static func chips() throws(DeviceError) -> [GPIOChip] { try Libgpiod().chips() }

    /// The line at an address with who holds it. It is not taken.
    ///
    /// - Throws: ``DeviceError`` when there is none, or more than one.
    public static func line(at address: GPIOAddress) throws(DeviceError) -> GPIOLine {
        try address.find(in: Libgpiod())
    }
}

/// A button on a GPIO line.
public final class GPIOButton: Button {
    /// After this long without an edge the level is compared with the last edge: the kernel keeps 16 edges, and a
    /// storm may have cost the last one.
    private static let settling = Duration.milliseconds(20)

    /// What people call it.
    public let name: String
    /// The line it was found on.
    public let line: GPIOLine
    /// nil once it is closed.
    private let port: Mutex<(any GPIOPort)?>
    private let clock: any DeviceClock
    private let broadcast = Broadcast<ButtonEdge>()
    private let isClosed = Atomic(false)
    private let problem = Mutex<DeviceError?>(nil)

    /// Takes the line and begins to listen.
    ///
    /// - Throws: ``DeviceError``; for a line that somebody holds it names the holder.
    public convenience init(_ address: GPIOAddress, _ options: GPIOOptions = GPIOOptions()) throws(DeviceError) {
        try self.init(address, options, system: Libgpiod(), clock: SystemClock())
    }

    package init(
        _ address: GPIOAddress, _ options: GPIOOptions, system: some GPIOSystem, clock: any DeviceClock
    ) throws(DeviceError) {
        let taken = try address.take(options, from: system)
        line = taken.line
        port = Mutex(taken.port)
        name = "GPIO line \(address) of \(taken.line.chip.label)"
        self.clock = clock
        // The thread holds the port as long as it listens: the line is given back when both have let go of it.
        try DeviceThread.start { [self, port = taken.port] in
            do throws(SystemError) {
                try listen(port)
            } catch {
                let sentence = "\(name) stopped working: \(error)"
                problem.withLock { $0 = DeviceError(sentence, systemError: error.code) }
            }
            broadcast.finish()
        }
    }

    /// Why the streams ended although nobody closed the button.
    public var failure: DeviceError? { problem.withLock { $0 } }

    /// All edges from now on.
    public var edges: AsyncStream<ButtonEdge> { broadcast.subscribe() }

    /// Gives the line back.
    public func close() {
        isClosed.store(true, ordering: .sequentiallyConsistent)
        let port = port.withLock { port in
            defer { port = nil }
            return port
        }
        port?.close()
    }

    private func listen(_ port: any GPIOPort) throws(SystemError) {
        // A button that is held down already is locked until it is let go: its level is known, no edge is sent.
        var isPressed = try port.isActive()
        var isSettled = true
        while !isClosed.load(ordering: .sequentiallyConsistent) {
            let edges = try port.edges(timeout: isSettled ? nil : Self.settling)
            for edge in edges {
                isPressed = edge.edge == .pressed
                broadcast.send(edge)
            }
            isSettled = edges.isEmpty
            guard isSettled, !isClosed.load(ordering: .sequentiallyConsistent) else { continue }
            let level = try port.isActive()
            if level != isPressed {
                isPressed = level
                broadcast.send(ButtonEdge(level ? .pressed : .released, at: clock.time))
            }
        }
    }
}

/// A lamp, a flash or a buzzer on a GPIO line.
public final class GPIOOutput: OutputLine {
    /// The line it was found on.
    public let line: GPIOLine
    private let address: GPIOAddress
    /// nil once it is closed.
    private let port: Mutex<(any GPIOPort)?>

    /// Takes the line and switches it off.
    ///
    /// - Throws: ``DeviceError``; for a line that somebody holds it names the holder.
    public convenience init(_ address: GPIOAddress, isActiveLow: Bool = false) throws(DeviceError) {
        try self.init(address, isActiveLow: isActiveLow, system: Libgpiod())
    }

    package init(_ address: GPIOAddress, isActiveLow: Bool, system: some GPIOSystem) throws(DeviceError) {
        var options = GPIOOptions(bias: .asIs, isActiveLow: isActiveLow)
        options.isOutput = true
        let taken = try address.take(options, from: system)
        self.address = address
        line = taken.line
        port = Mutex(taken.port)
    }

    /// Switches the line; without effect once it is closed.
    ///
    /// - Throws: ``DeviceError`` when the chip refuses.
    public func set(_ isOn: Bool) throws(DeviceError) {
        let failure = port.withLock { port -> SystemError? in
            do throws(SystemError) {
                try port?.set(isOn)
                return nil
            } catch {
                return error
            }
        }
        if let failure {
            throw DeviceError(
                "GPIO line \(address) cannot be switched: \(failure)",
                systemError: failure.code)
        }
    }

    /// Switches the line off and gives it back.
    public func close() {
        try? set(false)
        port.withLock { $0 = nil }
    }
}
