import CGPIO
import Glibc
import Platform

/// A GPIO chip as the kernel describes it.
public struct GPIOChip: Equatable, Sendable {
    /// Its device file. Its number may change with any kernel.
    public let path: String
    /// What stays: "pinctrl-rp1", "pinctrl-bcm2711".
    public let label: String
    /// How many lines it has.
    public let lineCount: Int

    package init(path: String, label: String, lineCount: Int) {
        self.path = path
        self.label = label
        self.lineCount = lineCount
    }
}

/// A line of a chip as the kernel describes it.
public struct GPIOLine: Equatable, Sendable {
    /// The chip it belongs to.
    public let chip: GPIOChip
    /// Its number on the chip, from 0.
    public let number: Int
    /// "GPIO17" say; empty when it has no name.
    public let name: String
    /// Who holds it; nil when it is free, empty when the kernel does not say.
    public let consumer: String?

    package init(chip: GPIOChip, number: Int, name: String, consumer: String?) {
        self.chip = chip
        self.number = number
        self.name = name
        self.consumer = consumer
    }
}

/// What holds a line at rest while nothing drives it.
public enum GPIOBias: String, CaseIterable, Sendable {
    /// As the board has it.
    case asIs = "as-is"
    /// Nothing.
    case off
    /// The chip's resistor to its supply: for a button that connects to ground.
    case pullUp = "pull-up"
    /// The chip's resistor to ground: for a button that connects to 3.3 V.
    case pullDown = "pull-down"
}

/// How a line is taken.
public struct GPIOOptions: Equatable, Sendable {
    /// What holds an input at rest.
    public var bias: GPIOBias
    /// Whether 0 V means pressed, or lit.
    public var isActiveLow: Bool
    package var isOutput = false

    /// Makes options. As they are they suit a button between the line and ground.
    public init(bias: GPIOBias = .pullUp, isActiveLow: Bool = true) {
        self.bias = bias
        self.isActiveLow = isActiveLow
    }
}

/// The GPIO chips of a machine; the real ones are ``Libgpiod``.
package protocol GPIOSystem: Sendable {
    /// All chips, each once.
    func chips() throws(DeviceError) -> [GPIOChip]
    func line(_ number: Int, of chip: GPIOChip) throws(SystemError) -> GPIOLine
    func take(_ line: GPIOLine, _ options: GPIOOptions) throws(SystemError) -> any GPIOPort
}

/// A line that is held. One thread may wait while another closes it.
package protocol GPIOPort: Sendable {
    /// Waits for edges. Empty on time-out and once it is closed.
    func edges(timeout: Duration?) throws(SystemError) -> [ButtonEdge]
    func isActive() throws(SystemError) -> Bool
    func set(_ isActive: Bool) throws(SystemError)
    /// Ends the wait. The line goes back when the last reference to the port goes.
    func close()
}

/// The machine's chips through libgpiod.
package struct Libgpiod: GPIOSystem {
    /// - Throws: ``DeviceError`` when libgpiod is not installed.
    package init() throws(DeviceError) {
        if let problem = cgpio_load() { throw DeviceError(String(cString: problem)) }
    }

    /// The version of the library, "2.2.1" say.
    package var version: String { String(cString: cgpio_version()) }

    package func chips() throws(DeviceError) -> [GPIOChip] {
        var chips: [GPIOChip] = []
        for path in Self.devices() {
            var chip = cgpio_chip()
            let status = cgpio_describe_chip(path, &chip)
            if status == -EACCES || status == -EPERM {
                throw DeviceError(
                    "\(path) may not be opened by this user; add the user to the group gpio", systemError: -status)
            }
            // Something else of that name is no chip.
            guard status >= 0 else { continue }
            chips.append(GPIOChip(path: path, label: String(cArray: chip.label), lineCount: Int(chip.line_count)))
        }
        return chips
    }

    /// Device files only: links under the old numbers would show a chip twice.
    private static func devices() -> [String] {
        DeviceFolder.files(prefix: "gpiochip").filter { path in
            var status = stat()
            return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
        }
    }

    package func line(_ number: Int, of chip: GPIOChip) throws(SystemError) -> GPIOLine {
        var line = cgpio_line()
        let status = cgpio_describe_line(chip.path, UInt32(number), &line)
        guard status >= 0 else { throw SystemError(-status) }
        return GPIOLine(
            chip: chip, number: number, name: String(cArray: line.name),
            consumer: line.is_used ? String(cArray: line.consumer) : nil)
    }

    package func take(_ line: GPIOLine, _ options: GPIOOptions) throws(SystemError) -> any GPIOPort {
        var request: OpaquePointer?
        let status = "animesnap".withCString { consumer in
            var wanted = cgpio_options(
                consumer: consumer, bias: options.bias.code, is_active_low: options.isActiveLow,
                is_output: options.isOutput)
            return cgpio_take(line.chip.path, UInt32(line.number), &wanted, &request)
        }
        guard status >= 0, let request else { throw SystemError(status < 0 ? -status : EIO) }
        let wake: WakeUp
        do throws(DeviceError) {
            wake = try WakeUp()
        } catch {
            cgpio_release(request)
            throw SystemError(error.systemError ?? EMFILE)
        }
        return LibgpiodPort(request, wake)
    }
}

/// The request is used by the thread that waits for edges, or, for an output, under the lock of its owner.
private final class LibgpiodPort: GPIOPort, @unchecked Sendable {
    private let request: OpaquePointer
    private let wake: WakeUp

    init(_ request: OpaquePointer, _ wake: WakeUp) {
        self.request = request
        self.wake = wake
    }

    deinit {
        cgpio_release(request)
    }

    func edges(timeout: Duration?) throws(SystemError) -> [ButtonEdge] {
        let descriptor = cgpio_descriptor(request)
        guard descriptor >= 0 else { throw SystemError(-descriptor) }
        guard wake.wait(for: descriptor, timeout: timeout) else { return [] }
        let most = Int(CGPIO_MOST_EDGES)
        var edges = [cgpio_edge](repeating: cgpio_edge(), count: most)
        let count = cgpio_read(request, &edges)
        guard count >= 0 else { throw SystemError(-count) }
        return edges.prefix(Int(count)).map {
            ButtonEdge($0.is_active ? .pressed : .released, at: .nanoseconds($0.nanoseconds))
        }
    }

    func isActive() throws(SystemError) -> Bool {
        let value = cgpio_get(request)
        guard value >= 0 else { throw SystemError(-value) }
        return value == 1
    }

    func set(_ isActive: Bool) throws(SystemError) {
        let status = cgpio_set(request, isActive)
        guard status >= 0 else { throw SystemError(-status) }
    }

    func close() {
        wake.signal()
    }
}

extension GPIOBias {
    fileprivate var code: cgpio_bias {
        switch self {
        case .asIs: CGPIO_BIAS_AS_IS
        case .off: CGPIO_BIAS_OFF
        case .pullUp: CGPIO_BIAS_PULL_UP
        case .pullDown: CGPIO_BIAS_PULL_DOWN
        }
    }
}
