import Booth
import TestSupport
import Testing

@Suite("The work queue")
struct WorkQueueTests {
    private func job(_ number: Int) -> WorkQueue.Job { .paint(PaintingJob(number: number, style: "chalk")) }

    @Test("begins the jobs of this run before those of an earlier one, each in its order")
    func order() {
        var queue = WorkQueue()
        queue.add(leftOver: [job(1), job(2)])
        queue.add(job(7))
        queue.add(job(8))
        var begun: [Int?] = []
        for _ in 1...5 {
            queue.begin()
            begun.append(queue.running?.number)
            queue.finish()
        }
        #expect(begun == [7, 8, 1, 2, nil])
    }

    @Test("an interrupted job is the next of those left over, a failed one the last, and failures are counted")
    func again() {
        var queue = WorkQueue()
        queue.add(leftOver: [job(1), job(2), job(3)])
        queue.begin()
        queue.putBack()
        #expect(queue.leftOver == [job(1), job(2), job(3)] && queue.failures == [:])
        queue.begin()
        queue.fail()
        #expect(queue.leftOver == [job(2), job(3), job(1)] && queue.failures == [job(1): 1])
        queue.withdraw(job(1))
        #expect(queue.failures == [:])
    }

    @Test("a withdrawn job does not come back, however its work ends", arguments: [true, false])
    func withdrawn(hasFailed: Bool) {
        var queue = WorkQueue()
        queue.add(job(1))
        queue.begin()
        #expect(queue.withdraw(job(1)) && queue.isWithdrawn && queue.running == job(1))
        if hasFailed { queue.fail() } else { queue.putBack() }
        #expect(queue == WorkQueue())
    }

    @Test("a place is kept until its job comes or does not come")
    func places() {
        var queue = WorkQueue()
        queue.expect(job(1))
        queue.expect(nil)
        #expect(queue.expectedCount == 2 && queue.contains(job(1)) && !queue.canBegin)
        queue.add(job(1))
        #expect(queue.expectedCount == 1 && queue.waiting == [job(1)])
        queue.cease(toExpect: nil)
        queue.cease(toExpect: nil)
        #expect(queue.expectedCount == 0)
    }

    @Test(
        "does what a list with ranks does, whatever happens in whatever order", arguments: 1...8 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var queue = WorkQueue()
        var model = RankedJobs()
        var seen: Set<Int> = []
        for _ in 0..<5000 {
            let job = job(Int.random(in: 1...9, using: &random))
            let operation = Int.random(in: 0...8, using: &random)
            switch operation {
            case 0:
                // As the booth does: what is in the queue is not asked for again.
                guard !queue.contains(job) else { continue }
                queue.expect(job)
                model.expected.insert(job)
            case 1:
                queue.cease(toExpect: job)
                model.expected.remove(job)
            case 2:
                queue.add(job)
                model.add(job)
            case 3:
                let other = self.job(Int.random(in: 1...9, using: &random))
                queue.add(leftOver: [job, other, job])
                model.add(leftOver: [job, other, job])
            case 4:
                queue.begin()
                model.begin()
            case 5:
                queue.finish()
                model.end()
            case 6:
                queue.putBack()
                model.putBack()
            case 7:
                queue.fail()
                model.fail()
            default: #expect(queue.withdraw(job) == model.withdraw(job))
            }
            seen.insert(operation)
            #expect(queue.waiting == model.waiting && queue.running == model.running)
            #expect(queue.fresh.count == model.ranks.values.filter { !$0.isLeftOver }.count)
            #expect(queue.isWithdrawn == model.isWithdrawn && queue.expectedCount == model.expected.count)
            #expect(queue.failures == model.failures)
            #expect(Set(queue.waiting).count == queue.waiting.count, "a job waits twice")
        }
        #expect(seen.count == 9)
    }
}

/// The same queue said differently: each job that waits has a rank.
private struct RankedJobs {
    struct Rank { let isLeftOver: Bool, place: Int }

    var ranks: [WorkQueue.Job: Rank] = [:]
    var expected: Set<WorkQueue.Job> = []
    var failures: [WorkQueue.Job: Int] = [:]
    var running: WorkQueue.Job?
    var isWithdrawn = false
    private var last = 0
    private var first = 0

    var waiting: [WorkQueue.Job] {
        ranks.sorted { ($0.value.isLeftOver ? 1 : 0, $0.value.place) < ($1.value.isLeftOver ? 1 : 0, $1.value.place) }
            .map(\.key)
    }

    private mutating func append(_ job: WorkQueue.Job, isLeftOver: Bool) {
        last += 1
        ranks[job] = Rank(isLeftOver: isLeftOver, place: last)
    }

    mutating func add(_ job: WorkQueue.Job) {
        expected.remove(job)
        guard ranks[job] == nil, running != job else { return }
        failures[job] = nil
        append(job, isLeftOver: false)
    }

    mutating func add(leftOver jobs: [WorkQueue.Job]) {
        for job in jobs where ranks[job] == nil && running != job && !expected.contains(job) {
            append(job, isLeftOver: true)
        }
    }

    mutating func begin() {
        guard running == nil, let next = waiting.first else { return }
        ranks[next] = nil
        running = next
    }

    mutating func end() {
        if let running { failures[running] = nil }
        running = nil
        isWithdrawn = false
    }

    mutating func putBack() {
        guard let running, !isWithdrawn else { return end() }
        first -= 1
        ranks[running] = Rank(isLeftOver: true, place: first)
        self.running = nil
    }

    mutating func fail() {
        guard let running, !isWithdrawn else { return end() }
        failures[running, default: 0] += 1
        append(running, isLeftOver: true)
        self.running = nil
    }

    mutating func withdraw(_ job: WorkQueue.Job) -> Bool {
        if running == job {
            isWithdrawn = true
            return true
        }
        guard ranks.removeValue(forKey: job) != nil else { return false }
        failures[job] = nil
        return true
    }
}
