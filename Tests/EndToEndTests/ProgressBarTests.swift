import Glibc
import Testing

@Suite(
    "The progress bar", .onRealProcessors,
    .enabled(if: access("/usr/bin/script", X_OK) == 0, "needs a terminal from /usr/bin/script"))
struct ProgressBarTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a.jpg", "b.jpg", String(repeating: "long", count: 20) + ".jpg"] {
            try folder.add("in/\(name)", photo(24, 16))
        }
    }

    /// What a terminal is sent by a conversion.
    private func terminal(_ arguments: String...) throws -> String {
        let words = Places.command + ["convert", "--size", "16"] + arguments
        return try run(
            ["/usr/bin/script", "-qec", words.joined(separator: " "), "/dev/null"], in: folder.path
        ).text
    }

    @Test("shows on a terminal which picture of how many is at work, and goes away")
    func several() throws {
        let text = try terminal("in", "-o", "out")
        let bars = text.matches(of: #/\[[#.]{24}\] [^\r\u{1B}]*/#).map { String($0.output) }
        #expect(
            bars == [
                "[........................] 0/3 in/a.jpg", "[########................] 1/3 in/b.jpg",
                "[################........] 2/3 ...glonglonglonglonglonglonglonglong.jpg",
            ])
        #expect(bars.allSatisfy { $0.count < 80 })
        // The line that follows a bar begins by removing it.
        #expect(text.contains("\r\u{1B}[Kout/a-anime.jpg ("))
    }

    @Test("is not shown for one picture")
    func single() throws {
        #expect(try !terminal("in/a.jpg", "-o", "anime.jpg").contains("["))
    }

    @Test("is not shown where standard error is no terminal")
    func redirected() throws {
        let outcome = try animesnap("convert", "in", "-o", "out", "--size", "16", in: folder.path)
        expectSuccess(outcome)
    }
}
