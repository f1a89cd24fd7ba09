import Seeing
import TestSupport
import Testing

@Suite("The One Euro filter")
struct OneEuroFilterTests {
    @Test("shows the first value as it is and moves towards others by the part that time and cutoff say")
    func parts() {
        var filter = OneEuroFilter(minimumCutoff: 1)
        #expect(filter.filter(3, at: 10) == 3)
        // Where 2 pi times cutoff times elapsed time is 1, half of the way.
        #expect(abs(filter.filter(4, at: 10 + 1 / (2 * Double.pi)) - 3.5) < 1e-12)
    }

    @Test("what rests trembles less than half as much as it is measured to")
    func still() {
        var random = SplitMix(seed: 4)
        var filter = OneEuroFilter(minimumCutoff: 1, speedCoefficient: 0.01)
        var (measured, shown) = (0.0, 0.0)
        for frame in 0..<120 {
            let value = Double(random.int(in: -100...100)) / 100
            let steady = filter.filter(100 + value, at: Double(frame) / 30) - 100
            guard frame >= 30 else { continue }
            measured += value * value
            shown += steady * steady
        }
        #expect(shown < measured / 4)
    }

    @Test("what moves fast lags by little, and by much without the speed's part")
    func fast() {
        func lag(_ speedCoefficient: Double) -> Double {
            var filter = OneEuroFilter(minimumCutoff: 1, speedCoefficient: speedCoefficient)
            var lag = 0.0
            for frame in 0..<60 {
                let value = 600 * Double(frame) / 30
                lag = value - filter.filter(value, at: Double(frame) / 30)
            }
            return lag
        }
        #expect(lag(0) > 80)
        #expect((0..<15).contains(lag(0.02)))
    }

    @Test("a value that is no number, or not later than the last one, is passed over")
    func nonsense() {
        var filter = OneEuroFilter()
        #expect(filter.filter(.nan, at: 0).isNaN)
        _ = filter.filter(5, at: 1)
        let before = filter
        #expect(filter.filter(9, at: 1) == 5 && filter.filter(9, at: 0) == 5)
        #expect(filter.filter(.nan, at: 2) == 5 && filter.filter(.infinity, at: 2) == 5)
        #expect(filter.filter(9, at: .nan) == 5 && filter == before)
        #expect(filter.filter(9, at: 2) > 5)
        filter.reset()
        #expect(filter.filter(9, at: 0) == 9)
    }

    @Test("makes the same bits of the same values, and a long gap makes it begin nearly anew")
    func same() {
        var one = OneEuroFilter(minimumCutoff: 0.5, speedCoefficient: 0.3)
        var other = one
        for frame in 0..<50 {
            let (value, time) = (Double(frame * frame % 17), Double(frame) / 24)
            #expect(one.filter(value, at: time).bitPattern == other.filter(value, at: time).bitPattern)
        }
        #expect(abs(one.filter(1000, at: 1000) - 1000) < 1)
    }
}
