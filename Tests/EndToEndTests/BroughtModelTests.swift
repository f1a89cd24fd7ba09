import FoundationEssentials
import Glibc
import Testing

@Suite("run, with a model that somebody brought", .serialized, .onRealProcessors)
struct BroughtModelTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The most memory that the appliance ever had, in bytes.
    private func peak(_ appliance: RunningAppliance) throws -> Int {
        let status = String(decoding: contents("/proc/\(appliance.child)/status"), as: UTF8.self)
        let line = try #require(status.firstMatch(of: /VmHWM:\s+(\d+) kB/), "\(status)")
        return try #require(Int(line.1)) << 10
    }

    /// Files of 200 MB that are a hole: one of zeros alone, one that begins as a model does.
    private func addLargeFiles() throws {
        let model = contents("\(Places.weights)/cute-s.safetensors")
        for (name, start) in [("zeros", []), ("begun", Array(model.prefix(64 << 10)))] {
            let path = try folder.add("album/models/\(name).safetensors", start)
            try #require(truncate(path, 200 << 20) == 0)
        }
    }

    @Test("refuses files of 200 MB at the cost of their headers")
    func largeFiles() throws {
        try addLargeFiles()
        let appliance = try RunningAppliance(album: folder("album"))
        try appliance.wait(for: "album/models/zeros.safetensors is not a usable model file")
        try appliance.wait(for: "album/models/begun.safetensors is not a usable model file")
        try appliance.wait(for: "lamp: ready")
        let most = try peak(appliance)
        #expect(most < 100 << 20, "\(most >> 20) MB")
        #expect(try appliance.terminate().code == 0)
    }
}
