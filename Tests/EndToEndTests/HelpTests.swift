import Testing

@Suite("Help", .onRealProcessors)
struct HelpTests {
    @Test("reads as it was written", arguments: HelpText.all)
    func help(_ help: HelpText) throws {
        let outcome = try animesnap(help.command + ["--help"])
        expectSuccess(outcome)
        #expect(outcome.text.trimmingTrailingBlankLines == help.text)
    }

    @Test("fits a terminal of 80 columns", arguments: HelpText.all)
    func width(_ help: HelpText) {
        for line in help.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test("comes without any argument too")
    func noArguments() throws {
        let outcome = try animesnap([])
        expectSuccess(outcome)
        #expect(try outcome.text == animesnap("--help").text)
    }

    @Test("leaves the version to --version")
    func version() throws {
        let outcome = try animesnap("--version")
        expectSuccess(outcome)
        #expect(try #/\d+\.\d+\.\d+\n/#.wholeMatch(in: outcome.text) != nil)
    }
}

extension String {
    var trimmingTrailingBlankLines: String {
        var text = self[...]
        while text.hasSuffix("\n") { text = text.dropLast() }
        return String(text)
    }
}
