import Devices
import Glibc
import Testing

/// Two ends of a terminal.
private struct PseudoTerminal {
    let keyboard: Int32
    let terminal: Int32

    init() throws {
        keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(keyboard >= 0)
        // TIOCSPTLCK and TIOCGPTN, which come from macros that Swift does not read.
        var isLocked: Int32 = 0
        var number: Int32 = 0
        try #require(ioctl(keyboard, 0x4004_5431, &isLocked) == 0 && ioctl(keyboard, 0x8004_5430, &number) == 0)
        terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(terminal >= 0)
    }

    func type(_ keys: String) { _ = write(keyboard, keys, keys.utf8.count) }

    /// Whether it echoes and waits for whole lines.
    var isCooked: Bool {
        var settings = termios()
        tcgetattr(terminal, &settings)
        return settings.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO)
    }

    func close() {
        Glibc.close(terminal)
        Glibc.close(keyboard)
    }
}

@Suite("Keyboard", .serialized)
struct KeyboardTests {
    @Test("a terminal gives single keys while the button is open, and is put back")
    func terminal() async throws {
        let pair = try PseudoTerminal()
        defer { pair.close() }
        let button = try KeyboardButton(descriptor: pair.terminal)
        #expect(!pair.isCooked)
        var edges = button.edges.makeAsyncIterator()
        for key in [" ", "\r"] {
            pair.type(key)
            let pressed = try #require(await edges.next())
            let released = try #require(await edges.next())
            #expect(pressed.edge == .pressed)
            #expect(released.edge == .released)
            #expect(released.time - pressed.time >= KeyboardButton.tap)
        }
        button.close()
        #expect(pair.isCooked)
        #expect(await edges.next() == nil)
    }

    @Test("h holds the button down until the next key; other keys do nothing")
    func hold() async throws {
        let pair = try PseudoTerminal()
        defer { pair.close() }
        let button = try KeyboardButton(descriptor: pair.terminal)
        var edges = button.edges.makeAsyncIterator()
        pair.type("xh")
        let pressed = try #require(await edges.next())
        try await Task.sleep(for: .milliseconds(150))
        pair.type("q")
        let released = try #require(await edges.next())
        #expect(pressed.edge == .pressed)
        #expect(released.edge == .released)
        #expect(released.time - pressed.time >= .milliseconds(140))
        button.close()
    }

    @Test("keys from a pipe press too, and its end lets go and ends the button")
    func pipe() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(Glibc.pipe(&ends) == 0)
        let button = try KeyboardButton(descriptor: ends[0])
        let edges = button.edges
        _ = write(ends[1], " ", 1)
        close(ends[1])
        var all: [Edge] = []
        for await edge in edges { all.append(edge.edge) }
        #expect(all == [.pressed, .released])
        close(ends[0])
    }
}
