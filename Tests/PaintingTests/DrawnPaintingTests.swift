import Engine
import Imaging
import Painting
import Seeing
import Testing

@Suite("A drawn picture")
struct DrawnPaintingTests {
    let model: ModelFile

    init() throws { model = try Checkout.model("drawn-m") }

    private func painter(_ side: Int, _ change: (inout Painter.Options) -> Void = { _ in }) throws -> Painter {
        var options = Painter.Options()
        options.useNetworks(of: ModelLibrary(folders: [Checkout.root + "/weights"]))
        options.size = .longestSide(side)
        if Checkout.isEmulated { options.faceSide = 128 }
        change(&options)
        return Painter(model: model, options: options)
    }

    private func picture(_ side: Int, _ change: (inout Painter.Options) -> Void = { _ in }) throws -> RGBImage {
        try .decode(
            .bytes(
                painter(side, change).paint(Checkout.photo, faces: [FacePaintingTests.astronaut]).bytes, name: "drawn"))
    }

    private func mean(_ image: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>) -> SIMD3<Int> {
        var sum = SIMD3<Int>()
        for y in rows {
            for x in columns {
                sum &+= SIMD3(Int(image[x, y].red), Int(image[x, y].green), Int(image[x, y].blue))
            }
        }
        return sum / (columns.count * rows.count)
    }

    @Test("is made by a network that makes fields beside colours")
    func network() throws {
        #expect(try PaintingNetwork(model).underpaints)
        #expect(try !PaintingNetwork(Checkout.model("cute-s")).underpaints)
    }

    @Test("has the same bytes on all kernels, threads and strips")
    func sameBytes() throws {
        func bytes(_ change: (inout Painter.Options) -> Void) throws -> [UInt8] {
            try painter(Checkout.isEmulated ? 120 : 400) {
                $0.drawnStyle = DrawnStyle()
                change(&$0)
            }.paint(Checkout.photo, faces: [FacePaintingTests.astronaut]).bytes
        }
        let expected = try bytes { $0.instructionSet = InstructionSet.available[0] }
        for set in InstructionSet.available.dropFirst() {
            #expect(try bytes { $0.instructionSet = set } == expected, "\(set)")
        }
        #expect(
            try bytes {
                $0.threads = 3
                $0.stripRows = 8
            } == expected)
    }

    @Test("has larger eyes where the style wants them")
    func eyes() throws {
        if Checkout.isEmulated { return }
        func portrait(_ eyes: Double) throws -> RGBImage {
            var style = DrawnStyle()
            style.eyes = eyes
            return try picture(512) {
                $0.faces = .only
                $0.drawnStyle = style
            }
        }
        let small = try portrait(1)
        func changed(_ eyes: Double) throws -> Int {
            let large = try portrait(eyes)
            return (0..<512 * 512).count { abs(Int(large.bytes[3 * $0 + 1]) - Int(small.bytes[3 * $0 + 1])) > 40 }
        }
        let (larger, largest) = (try changed(1.3), try changed(1.7))
        #expect(larger > 300 && largest > larger, "\(larger) and \(largest) pixels")
    }

    @Test("has hair and irises in the colours that are wished for")
    func tints() throws {
        if Checkout.isEmulated { return }
        func portrait(_ tint: DrawnStyle.Tint) throws -> RGBImage {
            var style = DrawnStyle()
            style.hair = tint
            return try picture(512) {
                $0.faces = .only
                $0.drawnStyle = style
            }
        }
        // Above the forehead.
        let (own, blue) = (
            mean(try portrait(.photo), 220..<300, 50..<90), mean(try portrait(.blue), 220..<300, 50..<90)
        )
        #expect(own.x > own.z && blue.z > blue.x + 30, "\(own), \(blue)")
    }

    @Test("keeps the face in its place, and the scene as it is without it elsewhere")
    func place() throws {
        if Checkout.isEmulated { return }
        let (with, without) = (try picture(512), try picture(512) { $0.faces = .off })
        #expect(mean(with, 0..<60, 0..<60) == mean(without, 0..<60, 0..<60))
        let (one, other) = (mean(with, 190..<265, 80..<160), mean(without, 190..<265, 80..<160))
        for channel in 0..<3 { #expect(abs(one[channel] - other[channel]) < 30, "\(one), \(other)") }
    }

    @Test("glows as much as its style says, and is as bright as ever where it is white")
    func glow() throws {
        func drawn(_ glow: Double) throws -> RGBImage {
            var style = DrawnStyle()
            style.glow = glow
            return try picture(160) {
                $0.faces = .off
                $0.drawnStyle = style
            }
        }
        let (without, with) = (try drawn(0), try drawn(0.4))
        func sum(_ image: RGBImage) -> Int { image.bytes.reduce(0) { $0 + Int($1) } }
        #expect(sum(with) > sum(without) + without.bytes.count)
        #expect(with.bytes.max() ?? 0 >= without.bytes.max() ?? 0)
    }
}
