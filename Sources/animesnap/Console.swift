import Glibc

/// Text for standard error.
func complain(_ text: String) {
    var bytes = Array("animesnap: \(text)\n".utf8)
    while !bytes.isEmpty {
        let count = write(STDERR_FILENO, bytes, bytes.count)
        guard count > 0 else { return }
        bytes.removeFirst(count)
    }
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
        put("\r\u{1B}[K[\(bar)] \(done)/\(total) \(name)")
    }

    /// Removes the bar.
    func clear() {
        if isShown { put("\r\u{1B}[K") }
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
