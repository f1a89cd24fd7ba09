/// Scripts and styles as phones get them.
package enum PageText {
    /// A script or a style without its comments, which are a tenth of what a phone would load. Their lines stay, empty, so
    /// that browsers name the lines of the source. Comments begin and end lines; scripts/web-tests sees to that.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - path: Its name, whose ending tells what it is; every file that is neither stays as it is.
    /// - Returns: What is served.
    package static func served(_ bytes: [UInt8], _ path: String) -> [UInt8] {
        let isScript = path.hasSuffix(".js")
        guard isScript || path.hasSuffix(".css") else { return bytes }
        var served: [UInt8] = []
        served.reserveCapacity(bytes.count)
        var isInside = false
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if !served.isEmpty || line.startIndex > 0 { served.append(UInt8(ascii: "\n")) }
            let text = line.drop { $0 == UInt8(ascii: " ") }
            let ends = text.suffix(2).elementsEqual("*/".utf8)
            if isInside {
                isInside = !ends
            } else if text.starts(with: "/*".utf8) {
                isInside = !ends
            } else if !(isScript && text.starts(with: "//".utf8)) {
                served.append(contentsOf: line)
            }
        }
        return served
    }
}
