extension Button {
    /// The gestures made with this button from now on. The stream ends when the button is closed or lost.
    ///
    /// - Parameters:
    ///   - clock: The clock that times the button's edges.
    ///   - times: What counts as a press, a double press and a hold.
    /// - Returns: Each gesture as soon as it is certain.
    public func gestures(
        clock: any DeviceClock = SystemClock(), times: GestureTimes = GestureTimes()
    ) -> AsyncStream<Gesture> {
        let edges = edges
        let (gestures, output) = AsyncStream.makeStream(of: Gesture.self)
        let task = Task {
            await recognize(edges, clock, times) { output.yield($0) }
            output.finish()
        }
        output.onTermination = { _ in task.cancel() }
        return gestures
    }
}

private enum Input: Sendable {
    case edge(ButtonEdge)
    case alarm(Int)
    case end
}

/// Edges and alarms pass through one queue, so an edge that has arrived is seen before the alarm it may cancel.
private func recognize(
    _ edges: AsyncStream<ButtonEdge>, _ clock: any DeviceClock, _ times: GestureTimes,
    _ tell: @Sendable (Gesture) -> Void
) async {
    let (inputs, queue) = AsyncStream.makeStream(of: Input.self)
    let forwarding = Task {
        for await edge in edges { queue.yield(.edge(edge)) }
        queue.yield(.end)
    }
    var recognizer = GestureRecognizer(times: times)
    var alarm: Task<Void, Never>?
    var alarms = 0
    var deadline: Duration?
    await withTaskCancellationHandler {
        loop: for await input in inputs {
            switch input {
            case .edge(let edge): recognizer.edge(edge.edge, at: edge.time).forEach(tell)
            case .alarm(alarms):
                recognizer.advance(to: clock.time - times.delivery).forEach(tell)
                // Should the alarm have come early, it is set again.
                deadline = nil
            case .alarm: continue
            case .end: break loop
            }
            guard recognizer.nextDeadline != deadline else { continue }
            deadline = recognizer.nextDeadline
            alarm?.cancel()
            alarms += 1
            alarm = deadline.map { [alarms] deadline in
                let time = DeviceInstant(deadline + times.delivery)
                return Task {
                    let slept: Void? = try? await clock.sleep(until: time, tolerance: .zero)
                    if slept != nil { queue.yield(.alarm(alarms)) }
                }
            }
        }
    } onCancel: {
        queue.finish()
    }
    alarm?.cancel()
    forwarding.cancel()
}
