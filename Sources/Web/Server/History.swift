import Synchronization

/// How the machine fared in the last hour, for the host's plots.
package final class History: Sendable {
    /// An hour of values that come every 15 seconds.
    private static let most = 240

    private struct State {
        var temperatures: [Double?] = []
        var memory: [Int] = []
        var stages: [StageTimes] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func add(_ health: HealthEntry) {
        state.withLock { state in
            Self.add(health.temperature, to: &state.temperatures)
            Self.add(health.memoryResident, to: &state.memory)
        }
    }

    package func add(_ times: StageTimes) {
        state.withLock { Self.add(times, to: &$0.stages) }
    }

    private static func add<Value>(_ value: Value, to values: inout [Value]) {
        values.append(value)
        if values.count > most { values.removeFirst() }
    }

    /// The times of the last painting.
    package var lastStages: StageTimes? { state.withLock { $0.stages.last } }

    package func entry(step: Duration) -> HistoryEntry {
        state.withLock { state in
            HistoryEntry(
                step: Int(step.components.seconds), temperatures: state.temperatures, memory: state.memory,
                stages: state.stages)
        }
    }
}

/// The values of the last hour, the oldest first.
package struct HistoryEntry: Encodable {
    package let step: Int
    package let temperatures: [Double?]
    package let memory: [Int]
    package let stages: [StageTimes]

    private enum CodingKeys: String, CodingKey {
        case step = "step_s"
        case temperatures = "temperature_c"
        case memory = "memory_rss_mb"
        case stages = "stages_ms"
    }
}
