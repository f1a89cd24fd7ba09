import CQRCode

/// A QR code of a text.
public struct QRCode: Sendable {
    /// Modules in a row.
    public let side: Int
    private let modules: [UInt8]
    /// Modules that stay light around it, as its standard (ISO/IEC 18004) wants.
    private static let margin = 4

    /// Makes a code.
    ///
    /// - Throws: ``WebError`` when libqrencode is missing or the text is too long.
    public init(_ text: String) throws(WebError) {
        var modules = [UInt8](repeating: 0, count: Int(cqr_longest_side) * Int(cqr_longest_side))
        var side: Int32 = 0
        if let problem = cqr_encode(text, &modules, &side) { throw WebError(String(cString: problem)) }
        self.side = Int(side)
        self.modules = Array(modules.prefix(Int(side) * Int(side)))
    }

    /// Whether a module is dark; those around the code are light.
    public func isDark(_ x: Int, _ y: Int) -> Bool {
        guard 0..<side ~= x, 0..<side ~= y else { return false }
        return modules[y * side + x] == 1
    }

    /// The code as a picture.
    public var svg: String {
        let all = side + 2 * Self.margin
        var path = ""
        for y in 0..<side {
            var x = 0
            while x < side {
                let start = x
                while isDark(x, y) { x += 1 }
                if x > start {
                    path += "M\(start + Self.margin) \(y + Self.margin)h\(x - start)v1H\(start + Self.margin)z"
                }
                x += 1
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(all) \(all)" shape-rendering="crispEdges">\
            <path fill="#fff" d="M0 0h\(all)v\(all)H0z"/><path fill="#000" d="\(path)"/></svg>
            """
    }

    /// The code for a terminal with dark ground: two modules above each other in a character, light ones drawn.
    public var terminalLines: [String] {
        // A narrow margin: a terminal has no room for more, and phones cope.
        let around = 2
        return stride(from: -around, to: side + around, by: 2).map { y in
            String(
                (-around..<side + around).map { x -> Character in
                    switch (isDark(x, y), isDark(x, y + 1)) {
                    case (false, false): "█"
                    case (false, true): "▀"
                    case (true, false): "▄"
                    case (true, true): " "
                    }
                })
        }
    }
}
