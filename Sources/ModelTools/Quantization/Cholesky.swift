/// The factor U, upper triangular, of a symmetric positive definite matrix transpose(U) * U.
package struct Cholesky: Sendable {
    package let size: Int
    /// Rows of U one after another, `size` x `size`; zero below the diagonal.
    package let upper: [Double]

    /// Factors `matrix` (`size` x `size`), or nil when it is not positive definite.
    package init?(_ matrix: [Double], size: Int) {
        self.size = size
        var upper = matrix
        var failed = false
        upper.withUnsafeMutableBufferPointer { upper in
            for row in 0..<size {
                let pivot = upper[row * size + row]
                guard pivot > 0, pivot.isFinite else {
                    failed = true
                    return
                }
                let root = pivot.squareRoot()
                for column in row..<size { upper[row * size + column] /= root }
                for below in row + 1..<max(size, row + 1) {
                    let factor = upper[row * size + below]
                    if factor == 0 { continue }
                    for column in below..<size {
                        upper[below * size + column] -= factor * upper[row * size + column]
                    }
                }
                for column in 0..<row { upper[row * size + column] = 0 }
            }
        }
        if failed { return nil }
        self.upper = upper
    }

    /// The solution x of matrix * x = `right`.
    package func solve(_ right: [Double]) -> [Double] {
        var x = right
        for row in 0..<size {
            var value = x[row]
            for index in 0..<row { value -= upper[index * size + row] * x[index] }
            x[row] = value / upper[row * size + row]
        }
        for row in stride(from: size - 1, through: 0, by: -1) {
            var value = x[row]
            for index in row + 1..<max(size, row + 1) { value -= upper[row * size + index] * x[index] }
            x[row] = value / upper[row * size + row]
        }
        return x
    }
}
