import Imaging
import Testing

@Suite("A look")
struct LookTests {
    private func graded(_ samples: [UInt8], _ table: LookTable) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: samples.count)
        table.apply(samples.span, to: &result)
        return result
    }

    /// All of 32 x 32 x 32 colours, and the ends.
    private let colours: [UInt8] = {
        let steps: [UInt8] = (0..<32).map { UInt8($0 * 8) } + [255]
        return steps.flatMap { red in steps.flatMap { green in steps.flatMap { blue in [red, green, blue] } } }
    }()

    @Test("that changes nothing leaves every sample as it is")
    func identity() {
        #expect(graded(colours, LookTable { $0 }) == colours)
    }

    @Test("is between grid points what the grade itself is, within three levels", arguments: Look.allCases)
    func interpolation(_ look: Look) {
        let result = graded(colours, LookTable(look))
        var off = 0
        for at in stride(from: 0, to: colours.count, by: 3) {
            let exact = look.grade(SIMD3(Float(colours[at]), Float(colours[at + 1]), Float(colours[at + 2])) / 255)
            for channel in 0..<3 {
                let level = min(max(exact[channel], 0), 1) * 255
                if abs(level - Float(result[at + channel])) > 3.5 { off += 1 }
            }
        }
        // Where a grade bends between two grid points it may differ more.
        #expect(off < colours.count / 100, "\(off) of \(colours.count)")
    }

    @Test("keeps greys in their order", arguments: Look.allCases)
    func order(_ look: Look) {
        let greys = (0...255).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
        let result = graded(greys, LookTable(look))
        for at in stride(from: 3, to: result.count, by: 3) {
            let (before, here) = (
                result[at - 3..<at].reduce(0) { $0 + Int($1) }, result[at..<at + 3].reduce(0) { $0 + Int($1) }
            )
            #expect(here >= before - 1, "grey \(at / 3)")
        }
    }

    @Test("differs from the picture and from the others")
    func difference() {
        let pictures = Look.allCases.map { graded(colours, LookTable($0)) } + [colours]
        for (index, picture) in pictures.enumerated() {
            for other in pictures[..<index] {
                let difference = zip(picture, other).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
                #expect(difference > 4 * colours.count)
            }
        }
    }
}
