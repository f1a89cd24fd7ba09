/// Steadies a number that is measured again and again and trembles, such as a place in a live picture: what rests is damped
/// much, what moves fast hardly, so that it does not lag (G. Casiez, N. Roussel, D. Vogel, "1 Euro Filter: A Simple Speed-based
/// Low-pass Filter for Noisy Input in Interactive Systems", CHI 2012).
///
/// It is a low-pass filter whose cutoff grows with the number's own speed, itself low-passed. Its results are made of the four
/// basic operations alone and are the same everywhere.
public struct OneEuroFilter: Equatable, Sendable {
    /// The cutoff of what rests, in hertz: less is steadier, and slower to begin to move.
    public var minimumCutoff: Double
    /// By how many hertz the cutoff grows with the number's speed, for each unit a second: more lags less. It depends on the
    /// unit: of places, a part of the face's or picture's size is the one that needs no other choice for another picture.
    public var speedCoefficient: Double
    /// The cutoff of the speed, in hertz.
    public var speedCutoff: Double

    private var last: Sample?

    private struct Sample: Equatable, Sendable {
        var seconds: Double
        var value: Double
        var speed: Double
    }

    /// Makes a filter that has seen nothing yet.
    public init(minimumCutoff: Double = 1, speedCoefficient: Double = 0, speedCutoff: Double = 1) {
        self.minimumCutoff = minimumCutoff
        self.speedCoefficient = speedCoefficient
        self.speedCutoff = speedCutoff
    }

    /// Takes what was measured and tells what to show for it.
    ///
    /// The first value is shown as it is. One that is no number, or not later than the last one, is passed over: the last
    /// result is told again.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - seconds: When it was measured, by any clock that runs evenly.
    /// - Returns: The steadied number.
    public mutating func filter(_ value: Double, at seconds: Double) -> Double {
        guard value.isFinite, seconds.isFinite else { return last?.value ?? value }
        guard let last else {
            self.last = Sample(seconds: seconds, value: value, speed: 0)
            return value
        }
        let elapsed = seconds - last.seconds
        guard elapsed > 0 else { return last.value }
        func moved(_ from: Double, to: Double, cutoff: Double) -> Double {
            // alpha = 1 / (1 + tau / elapsed), tau = 1 / (2 pi cutoff)
            let turns = 2 * Double.pi * cutoff * elapsed
            return from + (to - from) * (turns / (turns + 1))
        }
        let speed = moved(last.speed, to: (value - last.value) / elapsed, cutoff: speedCutoff)
        let cutoff = minimumCutoff + speedCoefficient * abs(speed)
        let shown = moved(last.value, to: value, cutoff: cutoff)
        self.last = Sample(seconds: seconds, value: shown, speed: speed)
        return shown
    }

    /// Forgets what was measured: the next value is shown as it is.
    public mutating func reset() { last = nil }
}
