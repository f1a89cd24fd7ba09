import COpenBLAS

/// Matrix products on OpenBLAS, which is loaded on first use.
package enum MatrixProduct {
    /// Loads OpenBLAS. Throws one sentence that says what to install when there is none.
    package static func prepare() throws(ImportError) {
        if let problem = cob_load() { throw ImportError(String(cString: problem)) }
    }

    /// output = left (rows x depth) * transpose(right), where `right` is columns x depth; `prepare` must have succeeded.
    static func multiply(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        rows: Int, columns: Int, depth: Int
    ) {
        guard rows > 0, columns > 0, depth > 0 else { return }
        cob_multiply(left, right, output, CInt(rows), CInt(columns), CInt(depth), true)
    }

    /// The sum over samples of left * transpose(right): `left` is samples x rows, `right` samples x columns, the result
    /// rows x columns; `prepare` must have succeeded.
    static func moments(_ left: [Float], _ right: [Float], rows: Int, columns: Int) -> [Float] {
        var output = [Float](repeating: 0, count: rows * columns)
        guard rows > 0, columns > 0, !left.isEmpty else { return output }
        cob_multiply_transposed(left, right, &output, CInt(rows), CInt(columns), CInt(left.count / rows))
        return output
    }
}
