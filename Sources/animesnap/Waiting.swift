import Dispatch
import Synchronization

/// Runs asynchronous work to its end while the calling thread, the program's first, waits.
func waiting<Success: Sendable>(for work: @escaping @Sendable () async throws -> Success) throws -> Success {
    let done = DispatchSemaphore(value: 0)
    let result = Answer<Success>()
    Task.detached {
        do {
            result.set(.success(try await work()))
        } catch {
            result.set(.failure(error))
        }
        done.signal()
    }
    done.wait()
    guard let result = result.value else { throw CancellationError() }
    return try result.get()
}

private final class Answer<Success: Sendable>: Sendable {
    private let stored = Mutex<Result<Success, any Error>?>(nil)

    var value: Result<Success, any Error>? { stored.withLock { $0 } }

    func set(_ value: Result<Success, any Error>) { stored.withLock { $0 = value } }
}
