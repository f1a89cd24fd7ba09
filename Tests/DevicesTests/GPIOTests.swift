import Devices
import Glibc
import Platform
import Synchronization
import Testing

/// Chips in memory.
private struct FakeGPIO: GPIOSystem {
    var all: [GPIOChip]
    var names: [String: [Int: String]] = [:]
    var holders: [String: [Int: String]] = [:]
    var refusal: Int32?
    var port = FakePort()

    /// A Pi 5: its header's chip has had three numbers so far.
    static var board: FakeGPIO {
        FakeGPIO(
            all: [
                GPIOChip(path: "/dev/gpiochip0", label: "gpio-brcmstb@107d508500", lineCount: 32),
                GPIOChip(path: "/dev/gpiochip4", label: "pinctrl-rp1", lineCount: 54),
            ],
            names: ["/dev/gpiochip4": [17: "GPIO17", 27: "GPIO27"]])
    }

    func chips() throws(DeviceError) -> [GPIOChip] { all }

    func line(_ number: Int, of chip: GPIOChip) throws(SystemError) -> GPIOLine {
        GPIOLine(
            chip: chip, number: number, name: names[chip.path]?[number] ?? "",
            consumer: holders[chip.path]?[number])
    }

    func take(_ line: GPIOLine, _ options: GPIOOptions) throws(SystemError) -> any GPIOPort {
        if let refusal { throw SystemError(refusal) }
        return HeldPort(port)
    }
}

private final class FakePort: GPIOPort {
    private struct State {
        var edges: [ButtonEdge] = []
        var isActive = false
        var isClosed = false
        var failure: SystemError?
        var switchings: [Bool] = []
    }

    private let state = Mutex(State())
    let holders = Atomic(0)

    func change(_ isActive: Bool, telling edges: [ButtonEdge]) {
        state.withLock {
            $0.isActive = isActive
            $0.edges += edges
        }
    }

    func fail(_ code: Int32) { state.withLock { $0.failure = SystemError(code) } }
    var switchings: [Bool] { state.withLock { $0.switchings } }

    func edges(timeout: Duration?) throws(SystemError) -> [ButtonEdge] {
        let end = timeout.map { SystemClock().time + $0 }
        while true {
            let (edges, isClosed, failure) = state.withLock { state in
                defer { state.edges = [] }
                return (state.edges, state.isClosed, state.failure)
            }
            if let failure { throw failure }
            if !edges.isEmpty || isClosed { return edges }
            if let end, SystemClock().time >= end { return [] }
            usleep(500)
        }
    }

    func isActive() throws(SystemError) -> Bool { state.withLock { $0.isActive } }

    func set(_ isActive: Bool) throws(SystemError) {
        let failure = state.withLock { state in
            state.switchings.append(isActive)
            return state.failure
        }
        if let failure { throw failure }
    }

    func close() { state.withLock { $0.isClosed = true } }
}

/// A line that is held until the last reference goes.
private final class HeldPort: GPIOPort {
    private let port: FakePort

    init(_ port: FakePort) {
        self.port = port
        port.holders.add(1, ordering: .relaxed)
    }

    deinit { port.holders.subtract(1, ordering: .relaxed) }

    func edges(timeout: Duration?) throws(SystemError) -> [ButtonEdge] { try port.edges(timeout: timeout) }
    func isActive() throws(SystemError) -> Bool { try port.isActive() }
    func set(_ isActive: Bool) throws(SystemError) { try port.set(isActive) }
    func close() { port.close() }
}

@Suite("GPIO")
struct GPIOTests {
    private func line(_ text: String, _ system: FakeGPIO = .board) throws -> String {
        let line = try GPIOAddress(text).find(in: system)
        return "\(line.chip.label):\(line.number)"
    }

    static let forms =
        "write a name (GPIO17), a number (17), or either after a chip's label (pinctrl-rp1:17)"

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("a line is found by name, by number on the header's chip, and by label and either")
    func addresses() throws {
        for text in ["GPIO17", "17", "pinctrl-rp1:17", "pinctrl-rp1:GPIO17"] {
            #expect(try line(text) == "pinctrl-rp1:17")
            #expect(try GPIOAddress(text).description == text)
        }
        #expect(try line("gpio-brcmstb@107d508500:3") == "gpio-brcmstb@107d508500:3")
    }

    @Test(
        "what is no line is refused with one sentence that says what is there",
        arguments: [
            ("", "'' is no GPIO line; \(forms)"), (":17", "':17' is no GPIO line; \(forms)"),
            ("rp2:17", "there is no GPIO chip labelled rp2; this machine has gpio-brcmstb@107d508500, pinctrl-rp1"),
            ("54", "the GPIO chip pinctrl-rp1 has no line 54; it has 0 to 53"),
            ("-1", "the GPIO chip pinctrl-rp1 has no line -1; it has 0 to 53"),
            (
                "GPIO99",
                "no line of the GPIO chips gpio-brcmstb@107d508500, pinctrl-rp1 is named GPIO99; try its number"
            ),
        ])
    func unknownLines(_ text: String, _ sentence: String) {
        #expect(refusal { _ = try line(text) } == sentence)
    }

    @Test("a machine without chips, an unclear number and an unclear name are refused")
    func unclear() {
        #expect(refusal { _ = try line("17", FakeGPIO(all: [])) } == "this machine has no GPIO chip (/dev/gpiochip*)")
        let two = FakeGPIO(
            all: ["a", "b"].map { GPIOChip(path: "/dev/\($0)", label: $0, lineCount: 4) },
            names: ["/dev/a": [1: "X"], "/dev/b": [2: "X"]])
        #expect(
            refusal { _ = try line("2", two) }
                == "line 2 could be on several GPIO chips (a, b); write the chip's label before it, as in a:2")
        #expect(refusal { _ = try line("X", two) } == "2 GPIO lines are named X: write one of a:1 and b:2")
    }

    @Test("a line that is held is refused with its holder's name")
    func busy() {
        var system = FakeGPIO.board
        system.refusal = EBUSY
        system.holders = ["/dev/gpiochip4": [17: "gpio-keys"]]
        let button = { [system] (text: String) in
            refusal { _ = try GPIOButton(GPIOAddress(text), GPIOOptions(), system: system, clock: SystemClock()) }
        }
        #expect(button("GPIO17") == "GPIO line GPIO17 is held by \"gpio-keys\"; stop that, or use another line")
        #expect(button("27") == "GPIO line 27 is held by a driver or another program; free it, or use another line")
    }

    @Test("other refusals say what helps")
    func otherRefusals() {
        var system = FakeGPIO.board
        for (code, sentence) in [
            (EACCES, "GPIO line 17 may not be taken by this user; add the user to the group gpio"),
            (ENOTSUP, "GPIO line 17 cannot be taken with bias pull-up; try as-is with a resistor on the board"),
            (EIO, "GPIO line 17 cannot be taken: Input/output error"),
        ] {
            system.refusal = code
            let system = system
            #expect(
                refusal { _ = try GPIOButton(GPIOAddress("17"), GPIOOptions(), system: system, clock: SystemClock()) }
                    == sentence)
        }
    }

    @Test("a button hands on the kernel's edges with their times, and ends when it is closed")
    func edges() async throws {
        let system = FakeGPIO.board
        let button = try GPIOButton(GPIOAddress("GPIO17"), GPIOOptions(), system: system, clock: SystemClock())
        var edges = button.edges.makeAsyncIterator()
        system.port.change(true, telling: [ButtonEdge(.pressed, at: .milliseconds(7))])
        #expect(await edges.next() == ButtonEdge(.pressed, at: .milliseconds(7)))
        system.port.change(false, telling: [ButtonEdge(.released, at: .milliseconds(90))])
        #expect(await edges.next() == ButtonEdge(.released, at: .milliseconds(90)))
        button.close()
        #expect(await edges.next() == nil)
        #expect(button.failure == nil)
    }

    @Test("closing a button and an output gives their lines back at once, whoever still knows them")
    func release() async throws {
        let system = FakeGPIO.board
        let button = try GPIOButton(GPIOAddress("GPIO17"), GPIOOptions(), system: system, clock: SystemClock())
        let output = try GPIOOutput(GPIOAddress("27"), isActiveLow: false, system: system)
        #expect(system.port.holders.load(ordering: .relaxed) == 2)
        output.close()
        #expect(system.port.holders.load(ordering: .relaxed) == 1)
        button.close()
        #expect(await eventually { system.port.holders.load(ordering: .relaxed) == 0 })
        withExtendedLifetime((button, output)) {}
    }

    @Test("an edge that the kernel lost is made up for by the level")
    func lostEdge() async throws {
        let system = FakeGPIO.board
        let button = try GPIOButton(GPIOAddress("GPIO17"), GPIOOptions(), system: system, clock: ManualClock())
        var edges = button.edges.makeAsyncIterator()
        system.port.change(false, telling: [ButtonEdge(.pressed, at: .milliseconds(7))])
        #expect(await edges.next()?.edge == .pressed)
        #expect(await edges.next() == ButtonEdge(.released, at: .zero))
        button.close()
    }

    @Test("a button that is held down at the start is not pressed until it is let go")
    func heldAtStart() async throws {
        let system = FakeGPIO.board
        system.port.change(true, telling: [])
        let button = try GPIOButton(GPIOAddress("GPIO17"), GPIOOptions(), system: system, clock: SystemClock())
        var edges = button.edges.makeAsyncIterator()
        try await Task.sleep(for: .milliseconds(60))
        system.port.change(false, telling: [ButtonEdge(.released, at: .milliseconds(1))])
        #expect(await edges.next()?.edge == .released)
        button.close()
    }

    @Test("a chip that fails ends the button with a reason")
    func failure() async throws {
        let system = FakeGPIO.board
        let button = try GPIOButton(GPIOAddress("GPIO17"), GPIOOptions(), system: system, clock: SystemClock())
        var edges = button.edges.makeAsyncIterator()
        system.port.fail(EIO)
        #expect(await edges.next() == nil)
        #expect(button.failure?.description == "GPIO line GPIO17 of pinctrl-rp1 stopped working: Input/output error")
    }

    @Test("an output is switched, and off when it is closed")
    func output() throws {
        let system = FakeGPIO.board
        let output = try GPIOOutput(GPIOAddress("27"), isActiveLow: false, system: system)
        try output.set(true)
        output.close()
        try output.set(true)
        #expect(system.port.switchings == [true, false])
    }

    @Test("a machine without libgpiod or without chips is told so in one sentence")
    func realMachine() {
        do throws(DeviceError) {
            let chips = try GPIO.chips()
            #expect(chips.allSatisfy { $0.lineCount > 0 })
            #expect(try !GPIO.libraryVersion().isEmpty)
        } catch {
            #expect(error.description.contains("libgpiod") || error.description.contains("group gpio"))
        }
    }
}
