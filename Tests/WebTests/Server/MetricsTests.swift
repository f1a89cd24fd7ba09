import Testing

import Web

@Suite("Figures for Prometheus")
struct MetricsTests {
    private let stages = StageTimes(
        time: nil, see: 30, faces: 250, decode: 12, network: 340, enlarge: 90, encode: 8)

    @Test("each figure is announced with its meaning and its kind")
    func form() throws {
        let text = Metrics(.sample, stages, connections: 4, listeners: 2).text
        #expect(text.hasSuffix("\n"))
        var announced: String?
        var seen = Set<String>()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ").map(String.init)
            if words[0] == "#" {
                #expect(["HELP", "TYPE"].contains(words[1]) && words[2].hasPrefix("animesnap_"))
                if words[1] == "HELP" { #expect(words.count > 4 && seen.insert(words[2]).inserted) }
                if words[1] == "TYPE" { #expect(words[2] == announced && ["gauge", "counter"].contains(words[3])) }
                announced = words[2]
            } else {
                #expect(words.count == 2 && words[0].prefix { $0 != "{" } == announced ?? "")
                #expect(Double(words[1]) != nil)
            }
        }
    }

    @Test("figures have the units of their names")
    func units() {
        let lines = Metrics(.sample, stages, connections: 4, listeners: 2).text.split(separator: "\n")
        for line in [
            "animesnap_pictures 3", "animesnap_camera_frame_age_seconds 0.04", "animesnap_camera_restarts_total 2",
            "animesnap_temperature_celsius 51.5", "animesnap_memory_free_bytes 209715200",
            "animesnap_disk_free_bytes 9437184000", "animesnap_connections 4", "animesnap_event_streams 2",
            "animesnap_stage_seconds{stage=\"network\"} 0.34", "animesnap_stage_seconds{stage=\"faces\"} 0.25",
            "animesnap_stage_seconds{stage=\"see\"} 0.03", "animesnap_stage_seconds{stage=\"enlarge\"} 0.09",
        ] { #expect(lines.contains(line[...]), "\(line)") }
    }

    @Test("what is not known is left out")
    func unknown() {
        let camera = HealthEntry.Camera(name: "", frameAge: nil, restarts: 0)
        let health = HealthEntry(camera: camera, queue: HealthEntry.Queue(waiting: 0, capacity: 8))
        let text = Metrics(health, nil, connections: 0, listeners: 0).text
        for name in ["frame_age", "temperature", "throttled", "contiguous", "stage", "nil", "Optional"] {
            #expect(!text.contains(name), "\(name)")
        }
    }

    @Test("a board that slows itself down is 1")
    func throttled() {
        var health = HealthEntry.sample
        for (isThrottled, figure) in [(true, "1"), (false, "0")] {
            health.isThrottled = isThrottled
            let text = Metrics(health, nil, connections: 0, listeners: 0).text
            #expect(text.contains("animesnap_throttled \(figure)\n"))
        }
    }
}

@Suite("The last hour")
struct HistoryTests {
    @Test("240 values are kept, the oldest first")
    func kept() {
        let history = History()
        var health = HealthEntry.sample
        for value in 0..<300 {
            health.temperature = value == 299 ? nil : Double(value)
            health.memoryResident = value
            history.add(health)
        }
        let entry = history.entry(step: .seconds(15))
        #expect(entry.step == 15)
        #expect(entry.memory == Array(60..<300))
        #expect(entry.temperatures.first == 60 && entry.temperatures.last == .some(nil))
    }

    @Test("the last painting is the last")
    func stages() {
        let history = History()
        #expect(history.lastStages == nil)
        for value in 1...241 { history.add(StageTimes(time: nil, decode: Double(value), network: 0, encode: 0)) }
        #expect(history.lastStages?.decode == 241)
        #expect(history.entry(step: .seconds(15)).stages.map(\.decode).first == 2)
    }
}
