import Dispatch

/// The results of `body` for 0 ..< count, computed on all cores; the order in which they are computed is not defined.
func parallelMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    let slots = UnsafeMutableBufferPointer<Result?>.allocate(capacity: count)
    slots.initialize(repeating: nil)
    defer {
        slots.deinitialize()
        slots.deallocate()
    }
    // Every iteration writes one slot that no other one touches.
    nonisolated(unsafe) let shared = slots
    DispatchQueue.concurrentPerform(iterations: count) { shared[$0] = body($0) }
    return slots.compactMap { $0 }
}
