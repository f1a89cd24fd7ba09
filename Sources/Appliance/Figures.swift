extension Double {
    /// The number with just `digits` decimals, for people.
    package func fixed(_ digits: Int) -> String {
        // What is measured may be endless, such as how far something is from what it equals.
        guard abs(self) < 1e15 else { return isNaN ? "-" : self < 0 ? "-∞" : "∞" }
        let power = (0..<digits).reduce(1) { product, _ in product * 10 }
        let scaled = Int((self * Double(power)).rounded())
        let fraction = String(scaled.magnitude % UInt(power))
        let whole = (scaled < 0 ? "-" : "") + String(scaled.magnitude / UInt(power))
        return digits == 0 ? whole : whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// The number rounded to `digits` decimals, for JSON.
    package func rounded(toDecimals digits: Int) -> Double {
        let power = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        return (self * power).rounded() / power
    }
}

extension Int {
    /// Megabytes (2^20 bytes) with two decimals.
    package var megabytes: Double { (Double(self) / 1_048_576).rounded(toDecimals: 2) }
}
