import FoundationEssentials
import Engine
import Painting
import Testing

@Suite("The speed of painting")
struct PaintingSpeedTests {
    /// Measures with pictures that take these times; the last one again and again.
    private func measure(_ milliseconds: Int...) -> (speed: PaintingSpeed?, pictures: Int) {
        var pictures = 0
        let speed = PaintingSpeed.measured(work: 1e9) {
            defer { pictures += 1 }
            return .milliseconds(milliseconds[min(pictures, milliseconds.count - 1)])
        }
        return (speed, pictures)
    }

    @Test("is that of the fastest of a few pictures")
    func fastest() {
        let (speed, pictures) = measure(50, 20, 10, 20)
        #expect(speed == PaintingSpeed(operationsPerSecond: 100e9) && pictures == 6)
    }

    @Test("is measured in 0.6 seconds, or with one picture on a board that takes longer for it")
    func patience() {
        let (slow, many) = measure(200)
        #expect(slow == PaintingSpeed(operationsPerSecond: 5e9) && many == 3)
        let (slower, one) = measure(500)
        #expect(slower == PaintingSpeed(operationsPerSecond: 2e9) && one == 1)
    }

    @Test("that no machine has is none")
    func impossible() {
        #expect(measure(0).speed == nil)
        for number in [0, -1, .nan, .infinity, 1e30] as [Double] {
            #expect(PaintingSpeed(operationsPerSecond: number) == nil)
        }
    }

    @Test("tells how long a picture takes")
    func seconds() {
        #expect(PaintingSpeed(operationsPerSecond: 2e9)?.seconds(for: 5e9) == 2.5)
    }

    @Test("can be measured with a model")
    func model() throws {
        var options = Painter.Options()
        options.threads = 2
        let speed = try PaintingSpeed.measured(Checkout.model(), options)
        #expect((1e6...1e13).contains(speed.operationsPerSecond))
        options.memoryLimit = 1000
        #expect(throws: EngineError.self) { try PaintingSpeed.measured(Checkout.model(), options) }
    }
}

@Suite("The record of a speed")
struct SpeedRecordTests {
    let folder: TemporaryFolder
    let record: SpeedRecord
    let conditions = SpeedRecord.Conditions(program: "1.0", board: "Pi \"5\"", kernels: "neondot", threads: 4)

    init() throws {
        folder = try TemporaryFolder()
        record = SpeedRecord(folder: folder.path)
    }

    @Test("is there after the next start")
    func kept() throws {
        let speed = try #require(PaintingSpeed(operationsPerSecond: 61_234_567_890.5))
        #expect(record.speed(under: conditions) == nil)
        try record.keep(speed, under: conditions)
        #expect(SpeedRecord(folder: folder.path).speed(under: conditions) == speed)
        #expect(folder.names == ["speed.json"])
    }

    @Test("does not count on another board, with other kernels, threads or another version")
    func conditionsChange() throws {
        try record.keep(try #require(PaintingSpeed(operationsPerSecond: 1e9)), under: conditions)
        let changes: [(inout SpeedRecord.Conditions) -> Void] = [
            { $0.program = "1.1" }, { $0.board = "Pi 4" }, { $0.kernels = "neon" }, { $0.threads = 3 },
        ]
        for change in changes {
            var other = conditions
            change(&other)
            #expect(record.speed(under: other) == nil)
        }
        #expect(record.speed(under: conditions) != nil)
    }

    @Test("that is damaged counts as none, and is replaced")
    func damaged() throws {
        let speed = try #require(PaintingSpeed(operationsPerSecond: 1e9))
        try record.keep(speed, under: conditions)
        let whole = folder.bytes("speed.json")
        let negative = String(decoding: whole, as: UTF8.self).replacing("1000000000", with: "-1")
        let contents = [[], [0xFF], Array("{}".utf8), Array("null".utf8), Array(negative.utf8)]
        for bytes in contents + (0..<whole.count - 1).map({ Array(whole.prefix($0)) }) {
            try folder.add("speed.json", bytes)
            #expect(record.speed(under: conditions) == nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
        try record.keep(speed, under: conditions)
        #expect(record.speed(under: conditions) == speed)
    }

    @Test("that cannot be written is told in one sentence")
    func unwritable() throws {
        let speed = try #require(PaintingSpeed(operationsPerSecond: 1e9))
        let error = #expect(throws: (any Error).self) {
            try SpeedRecord(folder: "/nowhere").keep(speed, under: conditions)
        }
        #expect("\(try #require(error))".contains("/nowhere/speed.json"))
    }
}
