/// The health as Prometheus reads it (text format 0.0.4).
package struct Metrics {
    package private(set) var text = ""

    package init(_ health: HealthEntry, _ stages: StageTimes?, connections: Int, listeners: Int) {
        add("pictures", "Pictures in the album.", health.pictures)
        add("queue_waiting", "Pictures that wait to be painted.", health.queue.waiting)
        add("queue_capacity", "Pictures that may wait.", health.queue.capacity)
        add("camera_restarts_total", "How often the camera had to be started again.", health.camera.restarts, "counter")
        add(
            "camera_frame_age_seconds", "Time since the camera's last frame.",
            health.camera.frameAge.map { Double($0) / 1000 })
        add("temperature_celsius", "The processor's temperature.", health.temperature)
        add("throttled", "1 while the board slows itself down.", health.isThrottled.map { $0 ? 1 : 0 })
        add("memory_free_bytes", "Memory that programs can still have.", health.memoryFree << 20)
        add("memory_resident_bytes", "Memory that this program has.", health.memoryResident << 20)
        add(
            "memory_contiguous_free_bytes", "Contiguous memory that is free.",
            health.contiguousMemoryFree.map { $0 << 20 })
        add("disk_free_bytes", "Free room where the album is.", health.diskFree << 20)
        add("uptime_seconds", "Time since the program started.", health.uptime, "counter")
        add("problems", "Things that are wrong.", health.problems.count)
        add("connections", "Open connections.", connections)
        add("event_streams", "Open event streams.", listeners)
        if let stages {
            let times = [
                ("see", stages.see), ("faces", stages.faces), ("decode", stages.decode), ("network", stages.network),
                ("enlarge", stages.enlarge), ("encode", stages.encode),
            ]
            head("stage_seconds", "How long the stages of the last painting took.", "gauge")
            for (stage, time) in times { text += "animesnap_stage_seconds{stage=\"\(stage)\"} \(time / 1000)\n" }
        }
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP animesnap_\(name) \(help)\n# TYPE animesnap_\(name) \(type)\n"
    }

    /// What is not known is left out.
    private mutating func add<Value>(_ name: String, _ help: String, _ value: Value?, _ type: String = "gauge") {
        guard let value else { return }
        head(name, help, type)
        text += "animesnap_\(name) \(value)\n"
    }
}
