import Glibc
import Painting
import Platform

/// Sends all bytes to a descriptor; false when it does not take them.
func send(_ bytes: some Sequence<UInt8>, to descriptor: Int32) -> Bool {
    let all = Array(bytes)
    return (try? writeAll(all.span, to: descriptor)) != nil
}

/// One line on standard output, at once: who reads along sees every picture when it is done.
func tell(_ line: String) throws(PaintingError) {
    guard send("\(line)\n".utf8, to: STDOUT_FILENO) else {
        throw PaintingError("standard output cannot be written to (\(SystemError.last.words))")
    }
}

/// One sentence on standard error.
func complain(_ sentence: String) {
    _ = send("animesnap: \(sentence)\(sentence.hasSuffix(".") ? "" : ".")\n".utf8, to: STDERR_FILENO)
}

/// Text on standard error that is no complaint, as it stands.
func note(_ text: String) {
    _ = send(text.utf8, to: STDERR_FILENO)
}

/// A bar on standard error for work on several pictures; it shows only where standard error is a terminal.
struct ProgressBar {
    private let total: Int
    private let isShown: Bool

    init(total: Int) {
        self.total = total
        isShown = total > 1 && isatty(STDERR_FILENO) == 1
    }

    /// Shows that `done` pictures are finished and `name` is at work.
    func show(done: Int, name: String) {
        guard isShown else { return }
        let width = 24
        let filled = done * width / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        // A line that the terminal breaks could not be removed again: of a long name only the end is shown.
        let end = name.count > 40 ? "..." + name.suffix(37) : name
        note("\r\u{1B}[K[\(bar)] \(done)/\(total) \(end)")
    }

    /// Removes the bar.
    func clear() {
        if isShown { note("\r\u{1B}[K") }
    }
}
