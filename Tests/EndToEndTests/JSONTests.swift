import Engine
import FoundationEssentials
import Testing

@Suite("JSON lines")
struct JSONTests {
    private struct Size: Decodable, Equatable {
        let width: Int
        let height: Int
    }

    private struct Faces: Decodable, Equatable {
        let found: Int
        let painted: Int
        let left_out: Int
    }

    private struct Conversion: Decodable {
        struct Times: Decodable {
            let see: Double
            let faces: Double
            let enlarge: Double
            let total: Double
            let decode: Double
            let resize: Double
            let network: Double
            let encode: Double
        }

        let input: String
        let output: String
        let model: String
        let isa: String
        let threads: Int
        let photo_size: Size
        let network_size: Size
        let anime_size: Size
        let doublings: Int
        let faces: Faces
        let times_ms: Times
        let strip_rows: Int
        let workspace_bytes: Int
        let peak_rss_mb: Double
    }

    private struct Bench: Decodable {
        let model: String
        let width: Int
        let height: Int
        let isa: String
        let threads: Int
        let strip_rows: Int
        let median_ms: Double
        let min_ms: Double
        let macs: Int
        let gmac_per_s: Double
        let workspace_bytes: Int
        let peak_rss_mb: Double
    }

    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func decode<Value: Decodable>(_ type: Value.Type, _ line: Substring) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line.utf8))
    }

    /// The keys of a line, which are what programs hold on to.
    private func keys(_ line: Substring) throws -> [String] {
        struct Anything: Decodable { init(from decoder: any Decoder) {} }
        return try decode([String: Anything].self, line).keys.sorted()
    }

    @Test("of convert: one per picture, with names, sizes, times and memory")
    func convert() throws {
        let photos = [try folder.add("a \"b\".jpg", photo(90, 60)), try folder.add("c.jpg", photo(30, 61))]
        let outcome = try animesnap(
            "convert", photos[0], photos[1], "-o", folder("painted/"), "--json", "--size", "60", "--threads", "2",
            "--model", "cute-m", "--strip-rows", "16")
        expectSuccess(outcome)
        try #require(outcome.lines.count == 2)
        for line in outcome.lines {
            #expect(
                try keys(line) == [
                    "anime_size", "doublings", "faces", "input", "isa", "model", "network_size", "output",
                    "peak_rss_mb", "photo_size",
                    "strip_rows", "threads", "times_ms", "workspace_bytes",
                ])
        }
        let conversions = try outcome.lines.map { try decode(Conversion.self, $0) }
        #expect(conversions.map(\.input) == photos)
        #expect(conversions.map(\.output) == [folder("painted/a \"b\"-cute.jpg"), folder("painted/c-cute.jpg")])
        #expect(conversions.map(\.photo_size) == [Size(width: 90, height: 60), Size(width: 30, height: 61)])
        #expect(conversions.map(\.anime_size) == [Size(width: 60, height: 40), Size(width: 30, height: 60)])
        #expect(conversions.map(\.network_size) == [Size(width: 64, height: 48), Size(width: 32, height: 64)])
        for line in conversions {
            #expect(line.model == "cute-m" && line.threads == 2 && line.isa == InstructionSet.best.name)
            #expect(line.strip_rows == 16)
            #expect(line.times_ms.decode > 0 && line.times_ms.resize > 0)
            #expect(line.times_ms.network > 0 && line.times_ms.encode > 0 && line.times_ms.see > 0)
            #expect(line.times_ms.faces >= 0 && line.times_ms.enlarge == 0)
            #expect(line.times_ms.total > line.times_ms.network + line.times_ms.see)
            #expect(line.workspace_bytes > 10_000 && line.workspace_bytes < 10_000_000)
            if !Places.isEmulated { #expect(line.peak_rss_mb > 1 && line.peak_rss_mb < 200) }
        }
    }

    @Test("of convert: the faces, and how often the picture was doubled")
    func faces() throws {
        for (options, expected) in [
            (["--size", "1000"], Faces(found: 1, painted: 1, left_out: 0)),
            (["--size", "1000", "--faces", "off"], Faces(found: 0, painted: 0, left_out: 0)),
            // Enough for the scene, and not for a face.
            (["--size", "160", "--memory-limit", "1"], Faces(found: 1, painted: 0, left_out: 1)),
        ] where !Places.isEmulated {
            let outcome = try animesnap(
                ["convert", Places.photo, "-o", folder("b.jpg"), "--style", "cute", "--json"] + options)
            expectSuccess(outcome)
            try #require(outcome.lines.count == 1)
            let line = try decode(Conversion.self, outcome.lines[0])
            #expect(line.faces == expected, "\(options)")
            #expect(line.doublings == (options[1] == "1000" ? 1 : 0))
        }
    }

    @Test("of convert come one by one, also when a picture between them fails")
    func failureBetween() throws {
        let photos = ["a.jpg", "b.jpg"].map { folder($0) }
        for path in photos { _ = try folder.add(String(path.dropFirst(folder.path.count + 1)), photo(24, 16)) }
        let outcome = try animesnap(
            "convert", photos[0], folder("missing.jpg"), photos[1], "--json", "--size", "16")
        #expect(outcome.code == 1)
        #expect(try outcome.lines.map { try decode(Conversion.self, $0).input } == photos)
    }

    @Test("of bench: the work, the times, the memory and the kernels")
    func bench() throws {
        let outcome = try animesnap(
            "bench", "--model", "cute", "--size", "64x48", "--repeat", "3", "--threads", "2", "--json")
        expectSuccess(outcome)
        try #require(outcome.lines.count == 1)
        #expect(
            try keys(outcome.lines[0]) == [
                "gmac_per_s", "height", "isa", "macs", "median_ms", "min_ms", "model", "peak_rss_mb", "strip_rows",
                "threads", "width", "workspace_bytes",
            ])
        let line = try decode(Bench.self, outcome.lines[0])
        #expect(line.model == "cute-m" && line.width == 64 && line.height == 48 && line.threads == 2)
        #expect(line.isa == InstructionSet.best.name && line.strip_rows % 8 == 0)
        #expect(line.min_ms > 0 && line.median_ms >= line.min_ms)
        let model = try ModelFile(path: Places.weights + "/cute-m.safetensors")
        let work = try model.graph.multiplyAccumulates(for: Graph.Extent(height: 48, width: 64)).reduce(0, +)
        #expect(line.macs == work)
        let rate = Double(work) / line.median_ms / 1e6
        #expect(abs(line.gmac_per_s - rate) <= 0.01 + rate / 100)
        #expect(line.workspace_bytes > 10_000)
    }
}
