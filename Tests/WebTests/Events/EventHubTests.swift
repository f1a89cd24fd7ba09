import NIOCore
import Testing

import Web

@Suite("Events")
struct EventHubTests {
    private let hub = EventHub()

    /// What a listener has waiting; ends the listening.
    private func heard(_ listener: (id: Int, stream: AsyncStream<ByteBuffer>)) async -> [String] {
        hub.leave(listener.id)
        var texts: [String] = []
        for await event in listener.stream { texts.append(String(buffer: event)) }
        return texts
    }

    private func id(_ text: String) -> String {
        text.split(separator: "\n").first { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) } ?? ""
    }

    @Test("an event has an id, a name and its data on one line")
    func form() async throws {
        let listener = hub.listen(after: nil)
        hub.send("done", ["text": "a\nb"])
        let events = await heard(listener)
        #expect(events.count == 2 && events[0] == "retry: 2000\n\n")
        let lines = try #require(events.last).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5 && lines[0].hasPrefix("id: ") && lines[1] == "event: done")
        #expect(lines[2] == #"data: {"text":"a\nb"}"# && lines[3].isEmpty && lines[4].isEmpty)
    }

    @Test("who comes back is told what was missed, and only that")
    func replay() async {
        let first = hub.listen(after: nil)
        for number in 1...5 { hub.send("done", number) }
        let events = await heard(first).dropFirst()
        #expect(Set(events.map(id)).count == 5)
        for (index, event) in events.enumerated() {
            let missed = await heard(hub.listen(after: id(event))).dropFirst()
            #expect(Array(missed) == Array(events.dropFirst(index + 1)))
        }
    }

    @Test("who comes for the first time is told nothing old")
    func new() async {
        hub.send("done", 1)
        #expect(await heard(hub.listen(after: nil)) == ["retry: 2000\n\n"])
    }

    @Test("an id of an earlier run, of the future or none at all repeats nothing")
    func strangeIds() async {
        let listener = hub.listen(after: nil)
        for number in 1...3 { hub.send("done", number) }
        let known = id(await heard(listener)[1])
        let run = known.split(separator: "-")[0]
        for strange in ["", "1", "0-0", "-", "x-1", "\(run)-4", "\(run)-x", "\(run)-1-2", "\(run)"] {
            #expect(await heard(hub.listen(after: strange)) == ["retry: 2000\n\n"], "\(strange)")
        }
        #expect(await heard(hub.listen(after: "\(run)-0")).count == 4)
    }

    @Test("the last 200 events are kept")
    func kept() async {
        let listener = hub.listen(after: nil)
        hub.send("done", 0)
        let first = id(await heard(listener)[1])
        for number in 1...250 { hub.send("done", number) }
        let missed = await heard(hub.listen(after: first))
        #expect(missed.count == 201)
        #expect(missed[1].contains("data: 51\n") && missed[200].contains("data: 250\n"))
    }

    @Test("where things stand is told in the order in which it was told first, whatever changed last")
    func order() async {
        let names = ["state", "health", "a", "b", "c", "d"]
        for name in names + names.reversed() { hub.send(name, 1, isKept: false, isStanding: true) }
        let events = await heard(hub.listen(after: nil)).dropFirst()
        #expect(events.map { $0.prefix { $0 != "\n" }.dropFirst(7) } == names.map { $0[...] })
    }

    @Test("who comes is told at once where things stand, and what is not kept is not repeated")
    func standing() async {
        let early = hub.listen(after: nil)
        hub.send("done", 0)
        hub.send("state", "ready", isKept: false, isStanding: true)
        hub.send("state", "counting", isKept: false, isStanding: true)
        hub.send("progress", 1, isKept: false)
        let all = await heard(early)
        #expect(all.count == 5 && id(all[2]).isEmpty)
        let counting = "event: state\ndata: \"counting\"\n\n"
        #expect(await heard(hub.listen(after: nil)) == ["retry: 2000\n\n", counting])
        #expect(await heard(hub.listen(after: id(all[1]))) == ["retry: 2000\n\n", counting])
    }

    @Test("a listener that does not keep up is let go and holds nobody up")
    func slow() async {
        let (slow, fast) = (hub.listen(after: nil), hub.listen(after: nil))
        var iterator = fast.stream.makeAsyncIterator()
        _ = await iterator.next()
        for number in 1...(EventHub.kept + EventHub.backlog + 1) {
            hub.send("done", number)
            let event = await iterator.next()
            #expect(event.map { String(buffer: $0).contains("data: \(number)\n") } == true)
        }
        #expect(hub.listenerCount == 1)
        var count = 0
        for await _ in slow.stream { count += 1 }
        #expect(count == EventHub.kept + EventHub.backlog)
    }

    @Test("nothing is left of a listener that left")
    func leave() {
        let listeners = (0..<10).map { _ in hub.listen(after: nil) }
        #expect(hub.listenerCount == 10)
        for listener in listeners { hub.leave(listener.id) }
        hub.leave(listeners[0].id)
        #expect(hub.listenerCount == 0)
    }

    @Test("the end ends all streams, also those that come later")
    func finish() async {
        let listener = hub.listen(after: nil)
        hub.finish()
        var events = 0
        for await _ in listener.stream { events += 1 }
        #expect(events == 1)
        for await _ in hub.listen(after: nil).stream { events += 1 }
        #expect(events == 2)
        #expect(hub.listenerCount == 0)
    }
}
