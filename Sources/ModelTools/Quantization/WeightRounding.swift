/// Finds the integers for the weights of one output channel: those that make error' * metric * error least, where error =
/// step * integer - weight and `metric` holds the second moments of the layer's inputs.
package struct WeightRounding: Sendable {
    package let size: Int
    package let metric: [Double]
    package let factor: Cholesky
    /// For each weight, the set of weights whose magnitudes may add up to 255 at most, or nil when there are none.
    let laneSets: [Int]?

    package struct Result: Sendable {
        package var integers: [Int8]
        package var step: Double
        /// error' * metric * error.
        package var error: Double
    }

    /// `metric` must be positive definite; nil when it is not.
    package init?(metric: [Double], size: Int, laneSets: [Int]?) {
        guard let factor = Cholesky(metric, size: size) else { return nil }
        self.size = size
        self.metric = metric
        self.factor = factor
        self.laneSets = laneSets
    }

    /// The best integers in [-127, 127] for `weights` that were found, and their step.
    package func round(_ weights: [Double]) -> Result {
        let largest = weights.reduce(0) { Swift.max($0, abs($1)) }
        guard largest > 0 else { return Result(integers: [Int8](repeating: 0, count: size), step: 1, error: 0) }
        var best = Result(integers: [], step: 1, error: .infinity)
        for step in steps(weights, largest: largest) {
            let integers = nearestPlane(weights, step: step)
            let error = error(weights, integers, step)
            if error < best.error { best = Result(integers: integers.map { Int8($0) }, step: step, error: error) }
        }
        return refine(best, weights)
    }

    /// The steps to try: from half of what represents the largest weight to a little more than what represents all weights
    /// and sets of weights.
    private func steps(_ weights: [Double], largest: Double) -> [Double] {
        var needed = largest / 127
        if let laneSets {
            var sums = [Double](repeating: 0, count: (laneSets.max() ?? -1) + 1)
            for (set, weight) in zip(laneSets, weights) { sums[set] += abs(weight) }
            needed = sums.reduce(needed) { Swift.max($0, $1 / 255) }
        }
        let last = 1.15 * needed
        let first = 0.5 * largest / 127
        let count = 24
        return (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
    }

    /// Rounds weight after weight, from the last, moving the error of each onto those that are still to come.
    func nearestPlane(_ weights: [Double], step: Double) -> [Double] {
        var integers = [Double](repeating: 0, count: size)
        var errors = [Double](repeating: 0, count: size)
        var budgets = Budgets(laneSets)
        factor.upper.withUnsafeBufferPointer { upper in
            for index in stride(from: size - 1, through: 0, by: -1) {
                var carried = 0.0
                for later in index + 1..<Swift.max(size, index + 1) {
                    carried += upper[index * size + later] * errors[later]
                }
                let wanted = (weights[index] + carried / upper[index * size + index]) / step
                let limit = budgets.limit(index)
                let integer = Swift.max(-limit, Swift.min(limit, wanted.rounded(.toNearestOrEven)))
                budgets.spend(index, abs(integer))
                integers[index] = integer
                errors[index] = weights[index] - step * integer
            }
        }
        return integers
    }

    /// Changes one integer at a time while that helps, and fits the step to the integers in between.
    private func refine(_ start: Result, _ weights: [Double]) -> Result {
        var best = start
        var integers = start.integers.map { Double($0) }
        var step = start.step
        for _ in 0..<6 {
            descend(&integers, weights, step: step)
            step = fittedStep(integers, weights) ?? step
            let error = error(weights, integers, step)
            guard error < best.error * (1 - 1e-6) else { break }
            best = Result(integers: integers.map { Int8($0) }, step: step, error: error)
        }
        return best
    }

    private func descend(_ integers: inout [Double], _ weights: [Double], step: Double) {
        var gradient = product(zip(integers, weights).map { step * $0 - $1 })
        var budgets = Budgets(laneSets)
        for index in 0..<size { budgets.spend(index, abs(integers[index])) }
        for _ in 0..<20 {
            var changed = false
            for index in 0..<size {
                let curvature = metric[index * size + index]
                let wanted = integers[index] - gradient[index] / (curvature * step)
                let limit = Swift.min(127, budgets.limit(index) + abs(integers[index]))
                let integer = Swift.max(-limit, Swift.min(limit, wanted.rounded(.toNearestOrEven)))
                guard integer != integers[index] else { continue }
                let change = step * (integer - integers[index])
                // The error changes by change * (2 * gradient + change * curvature).
                guard change * (2 * gradient[index] + change * curvature) < -1e-12 * curvature * step * step else {
                    continue
                }
                metric.withUnsafeBufferPointer { metric in
                    for other in 0..<size { gradient[other] += metric[index * size + other] * change }
                }
                budgets.spend(index, abs(integer) - abs(integers[index]))
                integers[index] = integer
                changed = true
            }
            if !changed { break }
        }
    }

    /// The step that fits `integers` best, or nil when they are all zero.
    private func fittedStep(_ integers: [Double], _ weights: [Double]) -> Double? {
        let weighted = product(integers)
        let power = zip(weighted, integers).reduce(0) { $0 + $1.0 * $1.1 }
        let overlap = zip(weighted, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return power > 0 && overlap > 0 ? overlap / power : nil
    }

    package func error(_ weights: [Double], _ integers: [Double], _ step: Double) -> Double {
        let errors = zip(integers, weights).map { step * $0 - $1 }
        return zip(product(errors), errors).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// metric * vector.
    private func product(_ vector: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: size)
        metric.withUnsafeBufferPointer { metric in
            for row in 0..<size {
                let factor = vector[row]
                if factor == 0 { continue }
                for column in 0..<size { result[column] += factor * metric[row * size + column] }
            }
        }
        return result
    }
}

/// What is left of the 255 that the magnitudes in each set of weights may add up to.
private struct Budgets {
    private let sets: [Int]?
    private var left: [Double]

    init(_ sets: [Int]?) {
        self.sets = sets
        left = [Double](repeating: 255, count: (sets?.max() ?? -1) + 1)
    }

    func limit(_ index: Int) -> Double {
        guard let sets else { return 127 }
        return Swift.min(127, left[sets[index]])
    }

    mutating func spend(_ index: Int, _ magnitude: Double) {
        if let sets { left[sets[index]] -= magnitude }
    }
}
