/// SplitMix64 (Steele, Lea and Flood 2014): numbers that look random and are the same in every run, so that a case that
/// fails can be run again.
package struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    package mutating func int(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    package mutating func float(in range: ClosedRange<Float>) -> Float {
        Float.random(in: range, using: &self)
    }

    /// True once in `n` draws.
    package mutating func oneIn(_ n: Int) -> Bool {
        int(in: 1...n) == 1
    }

    package mutating func element<T>(of choices: [T]) -> T {
        choices[int(in: 0...choices.count - 1)]
    }
}
