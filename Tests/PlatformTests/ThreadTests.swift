import Glibc
import Platform
import Synchronization
import Testing

@Suite("Threads and broadcasts")
struct ThreadTests {
    /// An actor with a thread of its own.
    private actor Loner {
        private nonisolated let executor = ThreadExecutor(name: "loner-with-a-long-name")
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }

        func threadName() throws -> String { try FileContent.text(of: "/proc/thread-self/comm") }
    }

    @Test("an actor's own thread has its name, as far as the system takes it")
    func name() async throws {
        #expect(try await Loner().threadName() == "loner-with-a-lo\n")
    }

    @Test("an actor does on its own thread all that it is asked")
    func jobs() async {
        let loner = Loner()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { _ = await loner.next() } }
        }
        #expect(await loner.next() == 101)
    }

    @Test("a thread does its work and ends")
    func detached() async throws {
        let word: String = try await withCheckedThrowingContinuation { done in
            do throws(SystemError) {
                try DetachedThread.start(stackBytes: 64 << 10) { done.resume(returning: "done") }
            } catch {
                done.resume(throwing: error)
            }
        }
        #expect(word == "done")
    }

    @Test("every subscriber gets all that is sent from then on, and the newest where there is no room")
    func broadcast() async {
        let broadcast = Broadcast<Int>(.bufferingNewest(2))
        let early = broadcast.subscribe()
        broadcast.send(1)
        let late = broadcast.subscribe()
        for number in 2...4 { broadcast.send(number) }
        broadcast.finish()
        let after = broadcast.subscribe()
        #expect(await early.reduce(into: []) { $0.append($1) } == [3, 4])
        #expect(await late.reduce(into: []) { $0.append($1) } == [3, 4])
        #expect(await after.reduce(into: []) { $0.append($1) } == [])
    }

    @Test("a subscriber that goes is forgotten")
    func goneSubscriber() async {
        let broadcast = Broadcast<Int>()
        let task = Task { [stream = broadcast.subscribe()] in for await _ in stream {} }
        #expect(broadcast.subscriberCount == 1)
        task.cancel()
        await task.value
        #expect(broadcast.subscriberCount == 0)
    }

    @Test("streams end with their broadcast")
    func end() async {
        var broadcast: Broadcast<Int>? = Broadcast()
        let stream = broadcast?.subscribe()
        broadcast?.send(1)
        broadcast = nil
        #expect(await stream?.reduce(into: []) { $0.append($1) } == [1])
    }
}
