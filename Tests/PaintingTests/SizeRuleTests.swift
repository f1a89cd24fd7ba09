import Engine
import Imaging
import Painting
import Testing

@Suite("The size that paints")
struct SizeRuleTests {
    /// Candidates of 1.5, 4 and 9 GMAC, as the sizes of a style cost at 512.
    private func candidates(_ sizes: String, tooLarge: String = "") -> [SizeRule.Candidate] {
        let work: [Character: Double] = ["s": 1.5e9, "m": 4e9, "l": 9e9]
        return sizes.map { size in
            SizeRule.Candidate(
                size: ModelSize(rawValue: "\(size)"), work: work[size] ?? 0, fitsMemory: !tooLarge.contains(size))
        }
    }

    private func choice(
        _ sizes: String, wish: ModelSize? = nil, gigaPerSecond: Double? = nil, within seconds: Double = 1,
        tooLarge: String = ""
    ) -> String? {
        var rule = SizeRule()
        rule.wish = wish
        rule.timeLimit = seconds
        rule.speed = gigaPerSecond.flatMap { PaintingSpeed(operationsPerSecond: $0 * 1e9) }
        let candidates = candidates(sizes, tooLarge: tooLarge)
        return rule.choice(among: candidates).map { candidates[$0].size?.rawValue ?? "only" }
    }

    @Test(
        "is the largest that paints within the time",
        arguments: [
            (0.1, "s"), (1.4, "s"), (3.9, "s"), (4.0, "m"), (8.9, "m"), (9.0, "l"), (500, "l"),
        ])
    func speed(_ gigaPerSecond: Double, _ size: String) {
        #expect(choice("sml", gigaPerSecond: gigaPerSecond) == size)
        #expect(choice("lms", gigaPerSecond: gigaPerSecond) == size, "their order does not matter")
        #expect(choice("sml", gigaPerSecond: gigaPerSecond / 3, within: 3.0001) == size, "slower, with more time")
    }

    @Test("is the smallest there is where none paints within the time")
    func late() {
        #expect(choice("ml", gigaPerSecond: 0.1) == "m")
        #expect(choice("l", gigaPerSecond: 0.1) == "l")
    }

    @Test("is the middle one where nothing was measured, else the next smaller one, else the smallest")
    func unmeasured() {
        #expect(choice("sml") == "m")
        #expect(choice("sl") == "s")
        #expect(choice("l") == "l")
    }

    @Test(
        "is the one that was asked for, however long it takes; one that is missing is replaced by the next smaller one, or the smallest",
        arguments: [
            ("sml", ModelSize.large, "l"), ("sml", .small, "s"), ("sm", .large, "m"), ("sl", .medium, "s"),
            ("ml", .small, "m"), ("l", .small, "l"),
        ])
    func wish(_ sizes: String, _ wish: ModelSize, _ size: String) {
        #expect(choice(sizes, wish: wish) == size)
        #expect(choice(sizes, wish: wish, gigaPerSecond: 0.1) == size)
        #expect(choice(sizes, wish: wish, gigaPerSecond: 500) == size)
    }

    @Test("fits the memory, unless none does or it was asked for")
    func memory() {
        #expect(choice("sml", gigaPerSecond: 500, tooLarge: "l") == "m")
        #expect(choice("sml", tooLarge: "ml") == "s")
        #expect(choice("sml", gigaPerSecond: 500, tooLarge: "sml") == "l")
        #expect(choice("sml", wish: .large, tooLarge: "l") == "l")
    }

    @Test("of a style with one model is that one, and of none none")
    func one() {
        let only = SizeRule.Candidate(size: nil, work: 1e12)
        var rule = SizeRule()
        #expect(rule.choice(among: [only]) == 0)
        rule.wish = .small
        #expect(rule.choice(among: [only]) == 0)
        #expect(rule.choice(among: []) == nil)
    }

    @Test("is judged by the size of pictures that is set, and by the camera's where they are painted in full size")
    func pictures() throws {
        let graph = try Checkout.model().graph
        var rule = SizeRule()
        var options = Painter.Options()
        options.size = .longestSide(512)
        let small = rule.candidate(.medium, graph, options)
        #expect(small.work == 3_537_174_528 && small.fitsMemory)
        options.size = .longestSide(1024)
        #expect(rule.candidate(.medium, graph, options).work == 4 * small.work)
        options.size = .full
        rule.photo = PictureSize(width: 1024, height: 509)
        #expect(rule.candidate(.medium, graph, options).work == 2 * small.work, "sides are rounded up")
        options.memoryLimit = 1 << 20
        #expect(!rule.candidate(.medium, graph, options).fitsMemory)
        options.memoryLimit = 64 << 20
        #expect(rule.candidate(.medium, graph, options).fitsMemory)
    }

    @Test("is told by the end of a model's name")
    func names() {
        #expect(ModelSize(ofModel: "chalk-s") == .small)
        #expect(ModelSize(ofModel: "my-own-l") == .large)
        for name in ["chalk", "chalk-x", "chalk-sm", "chalks", "-m", "m", ""] {
            #expect(ModelSize(ofModel: name) == nil)
        }
    }
}
