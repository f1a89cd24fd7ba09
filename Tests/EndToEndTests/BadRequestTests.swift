import Testing

@Suite("A command that asks for the impossible", .onRealProcessors)
struct BadRequestTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func convert(_ arguments: String...) throws -> Outcome {
        let outcome = try animesnap(["convert", Places.photo, "-o", folder("anime.jpg")] + arguments)
        #expect(folder.names == [])
        return outcome
    }

    @Test(
        "by a number out of its range is told the range, exit code 64",
        arguments: [
            ("--threads", "0", "1 to 64 are possible"), ("--threads", "65", "1 to 64 are possible"),
            ("--threads", "-1", "1 to 64 are possible"), ("--quality", "0", "1 to 100 are possible"),
            ("--quality", "101", "1 to 100 are possible"), ("--strip-rows", "0", "1 or more is possible"),
            ("--memory-limit", "0", "1 to 65536 megabytes are possible"),
            ("--memory-limit", "99999999999", "1 to 65536 megabytes are possible"),
        ])
    func ranges(_ option: String, _ value: String, _ range: String) throws {
        let outcome = try convert("\(option)=\(value)")
        expectRefusal(outcome, "\(option) is \(value); \(range) (see 'animesnap convert --help').", code: 64)
    }

    @Test("by a look that does not exist is told the looks")
    func looks() throws {
        expectRefusal(
            try convert("--look=sepia"),
            "--look is 'sepia'; meadow, sky, neon are possible (see 'animesnap convert --help').", code: 64)
    }

    @Test("by its size is told the sizes", arguments: ["0", "15", "32769", "-5", "512px", "99999999999999999999"])
    func sizes(_ size: String) throws {
        expectRefusal(
            try convert("--size=\(size)"),
            "--size is '\(size)'; 16 to 32768 pixels are possible, or 'full' (see 'animesnap convert --help').",
            code: 64)
    }

    @Test("by words that are not understood is told so in one line, exit code 64")
    func words() throws {
        for arguments in [
            ["convert"], ["frobnicate"], ["convert", "--threads", "many", "a.jpg"], ["convert", "a.jpg", "--colour"],
            ["model", "inspect"], ["bench", "--size", "0"], ["bench", "--size", "4x4x4"], ["bench", "--repeat", "0"],
            ["bench", "extra"], ["convert", "a.jpg", "-o"],
            ["model", "compare", "cute", "net.onnx", "a", "--limit", "0"],
            ["model", "import", "net.onnx", "--calibrate", "photos", "-o", "model.onnx"],
        ] {
            let outcome = try animesnap(arguments, in: folder.path)
            #expect(outcome.code == 64, "\(arguments)")
            #expect(outcome.text == "")
            #expect(outcome.errors.hasPrefix("animesnap: "), "\(outcome.errors)")
            #expect(outcome.errors.hasSuffix(" --help').\n"), "\(outcome.errors)")
            #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
        }
        #expect(
            try animesnap("convert", "a.jpg", "--colour").errors
                == "animesnap: unknown option '--colour' (see 'animesnap convert --help').\n")
    }

    @Test("by an unknown instruction set is told those of this processor")
    func instructionSet() throws {
        for outcome in [
            try convert("--isa", "mmx"),
            try animesnap("bench", "--size", "16", environment: ["ANIMESNAP_ISA": "mmx"]),
        ] {
            #expect(outcome.code == 1 && outcome.text == "")
            #expect(
                outcome.errors.hasPrefix(
                    "animesnap: there is no instruction set 'mmx' in this build; this processor runs reference"),
                "\(outcome.errors)")
            #expect(outcome.errors.count { $0 == "\n" } == 1)
        }
    }

    @Test("by an instruction set of another processor is told those of this one")
    func foreignInstructionSet() throws {
        // No processor has both.
        let outcomes = try ["neon", "avx2"].map {
            try animesnap("convert", Places.photo, "-", "--isa", $0, "--size", "16")
        }
        let refused = try #require(outcomes.first { $0.code != 0 })
        #expect(refused.code == 1 && refused.errors.contains("this processor runs reference"), "\(refused.errors)")
    }

    @Test("by its memory limit is told what is needed and what would fit")
    func memoryLimit() throws {
        let outcome = try convert("--style", "cute-m", "--memory-limit", "1", "--size", "4000")
        #expect(outcome.code == 1 && outcome.text == "")
        let sentence =
            #/animesnap: a picture of 1008x1008 needs (\d+\.\d) MB of workspace in strips of \d+ rows; the limit is 1 MB; (\d+)x(\d+) would fit in strips of (\d+) rows\.\n/#
        let parts = try #require(try sentence.wholeMatch(in: outcome.errors)?.output, "\(outcome.errors)")
        #expect(try #require(Double(parts.1)) > 1)
        // What is said to fit does fit.
        let fitting = try #require(Int(parts.2))
        func attempt(_ size: Int) throws -> Int32 {
            try animesnap(
                "convert", Places.photo, "-", "--style", "cute-m", "--memory-limit", "1", "--size", "\(size)",
                "--strip-rows", "\(parts.4)"
            ).code
        }
        #expect(fitting >= 16 && fitting < 1008)
        #expect(try attempt(fitting) == 0)
        // The next one is not refused, as what is drawn may be doubled; the network itself cannot take it.
        #expect(try attempt(fitting + 16) == 0)
        let next = try animesnap(
            "bench", "--style", "cute-m", "--memory-limit", "1", "--size", "\(fitting + 16)", "--strip-rows",
            "\(parts.4)", "--repeat", "1")
        #expect(next.code == 1 && next.errors.contains("the limit is 1 MB"))
    }

    @Test("within its memory limit is done")
    func enoughMemory() throws {
        let outcome = try animesnap("convert", Places.photo, "-", "--memory-limit", "64", "--size", "64")
        expectSuccess(outcome)
    }

    @Test("for a picture that the network cannot take is told what it takes")
    func benchSize() throws {
        expectRefusal(
            try animesnap("bench", "--style", "cute", "--size", "20x24"),
            "cute-m takes pictures whose sides are multiples of 16 up to 65536 pixels, not 20x24.")
        expectRefusal(
            try animesnap("model", "inspect", "cute", "--size=-8"),
            "cute-m takes pictures whose sides are multiples of 16 up to 65536 pixels, not -8x-8.")
    }
}
