import Testing

import Web

/// Whether libqrencode is installed.
let canDrawCodes = (try? QRCode("test")) != nil

@Suite("QR codes", .enabled(if: canDrawCodes, "libqrencode is not installed"))
struct QRCodeTests {
    @Test(
        "a code is a square with three finders",
        arguments: ["a", "http://192.168.1.20:8080/", String(repeating: "x", count: 500)])
    func finders(_ text: String) throws {
        let code = try QRCode(text)
        #expect(code.side >= 21 && (code.side - 17) % 4 == 0)
        for (left, top) in [(0, 0), (code.side - 7, 0), (0, code.side - 7)] {
            for y in 0..<7 {
                for x in 0..<7 {
                    let ring = max(abs(x - 3), abs(y - 3))
                    #expect(code.isDark(left + x, top + y) == (ring != 2), "\(left + x), \(top + y)")
                }
            }
        }
        // The timing pattern between them.
        for x in 8..<code.side - 8 { #expect(code.isDark(x, 6) == (x % 2 == 0)) }
    }

    @Test("around a code it is light")
    func outside() throws {
        let code = try QRCode("a")
        for place in [-1, code.side, code.side + 100] {
            #expect(!code.isDark(place, 0) && !code.isDark(0, place))
        }
    }

    @Test("the same text has the same code, another text another")
    func texts() throws {
        #expect(try QRCode("a").svg == QRCode("a").svg)
        #expect(try QRCode("a").svg != QRCode("b").svg)
    }

    @Test("the picture has a margin of four modules and as many dark modules as the code")
    func svg() throws {
        let code = try QRCode("http://192.168.1.20:8080/p/42")
        let all = code.side + 8
        #expect(code.svg.hasPrefix("<svg ") && code.svg.hasSuffix("</svg>"))
        #expect(code.svg.contains("viewBox=\"0 0 \(all) \(all)\""))
        let path = try #require(code.svg.split(separator: "d=\"").last).prefix { $0 != "\"" }
        var dark = Set<[Int]>()
        for run in path.split(separator: "M") {
            let numbers = run.split { !$0.isNumber }.compactMap { Int($0) }
            try #require(numbers.count == 5 && numbers[4] == numbers[0])
            for x in 0..<numbers[2] { dark.insert([numbers[0] + x - 4, numbers[1] - 4]) }
        }
        for y in 0..<code.side {
            for x in 0..<code.side { #expect(dark.contains([x, y]) == code.isDark(x, y)) }
        }
        #expect(dark.allSatisfy { code.isDark($0[0], $0[1]) })
    }

    @Test("in a terminal two modules share a character")
    func terminal() throws {
        let code = try QRCode("http://192.168.1.20:8080/")
        let lines = code.terminalLines.map(Array.init)
        #expect(lines.count == (code.side + 5) / 2)
        for (index, line) in lines.enumerated() {
            #expect(line.count == code.side + 4)
            for (column, character) in line.enumerated() {
                let (x, y) = (column - 2, 2 * index - 2)
                #expect("█▀".contains(character) == !code.isDark(x, y))
                #expect("█▄".contains(character) == !code.isDark(x, y + 1))
            }
        }
    }

    @Test("a text that is too long is told in one sentence")
    func tooLong() {
        let problem = #expect(throws: WebError.self) { try QRCode(String(repeating: "x", count: 5000)) }
        #expect(problem?.description.isEmpty == false)
    }
}

@Suite("The Wi-Fi's code")
struct WifiTextTests {
    @Test("phones read name and password")
    func text() {
        #expect(WifiNetwork(name: "party", password: "secret").text == "WIFI:T:WPA;S:party;P:secret;;")
        #expect(WifiNetwork(name: "open", password: nil).text == "WIFI:T:nopass;S:open;;")
    }

    @Test("signs of the notation are escaped")
    func escaped() {
        let wifi = WifiNetwork(name: #"a;b,c"#, password: #"d:e\f"g"#)
        #expect(wifi.text == #"WIFI:T:WPA;S:a\;b\,c;P:d\:e\\f\"g;;"#)
    }
}
