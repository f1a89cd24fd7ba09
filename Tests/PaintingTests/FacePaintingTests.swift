import Engine
import Imaging
import Painting
import Seeing
import Testing

@Suite("Faces")
struct FacePaintingTests {
    /// The astronaut's, in pixels of the photo of 512 by 512.
    static let astronaut = Face(
        score: 0.93, origin: PicturePoint(x: 181, y: 63.9), width: 89.8, height: 112.3,
        rightEye: PicturePoint(x: 205, y: 104.4), leftEye: PicturePoint(x: 246.9, y: 105.9),
        nose: PicturePoint(x: 224.4, y: 127.1), rightMouthCorner: PicturePoint(x: 205.6, y: 142.8),
        leftMouthCorner: PicturePoint(x: 242.3, y: 144.6))

    let model: ModelFile

    init() throws { model = try Checkout.model("cute-s") }

    private func painter(_ side: Int = 512, _ change: (inout Painter.Options) -> Void = { _ in }) throws -> Painter {
        var options = Painter.Options()
        options.useNetworks(of: ModelLibrary(folders: [Checkout.root + "/weights"]))
        #expect(options.faceNetwork != nil && options.enlarger != nil)
        options.size = .longestSide(side)
        if Checkout.isEmulated { options.faceSide = 128 }
        change(&options)
        return Painter(model: model, options: options)
    }

    private func picture(_ bytes: [UInt8]) throws -> RGBImage { try .decode(.bytes(bytes, name: "painted")) }

    /// The mean difference of two pictures' samples in a rectangle.
    private func difference(_ a: RGBImage, _ b: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>) -> Double {
        var sum = 0
        for y in rows {
            for x in columns {
                let (one, other) = (a[x, y], b[x, y])
                sum += abs(Int(one.red) - Int(other.red)) + abs(Int(one.green) - Int(other.green))
                sum += abs(Int(one.blue) - Int(other.blue))
            }
        }
        return Double(sum) / Double(3 * columns.count * rows.count)
    }

    @Test("are found, painted by themselves and laid over the scene, which stays as it was elsewhere")
    func laidOver() throws {
        if Checkout.isEmulated { return }
        let with = try painter().paint(Checkout.photo)
        let without = try painter { $0.faces = .off }.paint(Checkout.photo)
        #expect(with.report.facesFound == 1 && with.report.facesPainted == 1 && with.report.facesLeftOut == 0)
        #expect(without.report.facesFound == 0 && without.report.facesPainted == 0)
        let (one, other) = (try picture(with.bytes), try picture(without.bytes))
        #expect(difference(one, other, 190..<265, 80..<160) > 2)
        #expect(difference(one, other, 0..<90, 0..<512) == 0)
        #expect(difference(one, other, 0..<512, 320..<512) == 0)
        // It is the same face in the same place: what differs is the drawing.
        #expect(difference(one, other, 190..<265, 80..<160) < 25)
    }

    @Test("have the light of the scene that they are laid over")
    func tone() throws {
        if Checkout.isEmulated { return }
        func mean(_ faces: Painter.Faces) throws -> Double {
            let image = try picture(
                painter(300) { $0.faces = faces }.paint(Checkout.photo, faces: [Self.astronaut]).bytes)
            var sum = 0
            for y in 40..<100 {
                for x in 108..<156 {
                    let pixel = image[x, y]
                    sum += Int(pixel.red) + Int(pixel.green) + Int(pixel.blue)
                }
            }
            return Double(sum) / Double(3 * 60 * 48)
        }
        #expect(abs(try mean(.auto) - mean(.off)) < 8)
    }

    @Test("that are known are not looked for, and give the same picture")
    func known() throws {
        if Checkout.isEmulated { return }
        let looked = try painter().paint(Checkout.photo)
        let detector = try FaceDetector(
            model: ModelFile(path: Checkout.root + "/weights/seeing/yunet-n.safetensors"),
            options: {
                var options = FaceDetector.Options()
                options.longestSide = 640
                return options
            }())
        let faces = try detector.look(at: Checkout.photo).faces
        let known = try painter { $0.faceNetwork = nil }.paint(Checkout.photo, faces: faces)
        #expect(known.bytes == looked.bytes)
    }

    @Test("are painted with the same bytes by all kernels, threads and strips, in whatever order they are found")
    func sameBytes() throws {
        // Two that lie upon each other, one upside down, one that is cut by the border.
        let all = [
            Self.astronaut, .at(215, 90, height: 120), .at(320, 300, height: 90, quarters: 2),
            .at(-12, 300, height: 80), .at(60, 400, height: 60, quarters: 1),
        ]
        let faces = Checkout.isEmulated ? Array(all.prefix(1)) : all
        func bytes(_ faces: [Face], _ change: (inout Painter.Options) -> Void) throws -> [UInt8] {
            let (bytes, report) = try painter(Checkout.isEmulated ? 160 : 1000, change)
                .paint(Checkout.photo, faces: faces)
            #expect(report.facesPainted == faces.count)
            return bytes
        }
        let expected = try bytes(faces) { $0.instructionSet = InstructionSet.available[0] }
        for set in InstructionSet.available.dropFirst() {
            #expect(try bytes(faces) { $0.instructionSet = set } == expected, "\(set)")
        }
        for (threads, rows) in [(2, nil), (3, 8), (1, 1000)] where !Checkout.isEmulated || rows == 8 {
            #expect(
                try bytes(faces.reversed()) {
                    $0.threads = threads
                    $0.stripRows = rows
                } == expected, "\(threads) threads, strips of \(rows ?? 0) rows")
        }
    }

    @Test("are painted with fewer pixels where that is wished, and still in their places")
    func smaller() throws {
        if Checkout.isEmulated { return }
        func painted(_ change: (inout Painter.Options) -> Void) throws -> (image: RGBImage, report: Painter.Report) {
            let (bytes, report) = try painter(256, change).paint(Checkout.photo, faces: [Self.astronaut])
            return (try picture(bytes), report)
        }
        let (whole, scene) = (try painted { _ in }, try painted { $0.faces = .off })
        #expect(try painted { $0.faceSide = 512 }.image == whole.image)
        let small = try painted { $0.faceSide = 256 }
        #expect(small.report.facesPainted == 1 && small.report.workspaceBytes < whole.report.workspaceBytes)
        #expect(difference(small.image, scene.image, 95..<132, 40..<80) > 1)
        #expect(difference(small.image, whole.image, 95..<132, 40..<80) < 20)
        #expect(difference(small.image, scene.image, 0..<45, 0..<256) == 0)
        let graph = model.graph
        var options = Painter.Options()
        options.useNetworks(of: ModelLibrary(folders: [Checkout.root + "/weights"]))
        let photo = PictureSize(width: 512, height: 512)
        let work = try PaintingWork(of: graph, options, photo: photo).operations
        options.faceSide = 256
        #expect(try PaintingWork(of: graph, options, photo: photo).operations < work)
    }

    @Test("that are too small, too far outside or no faces at all are left to the scene")
    func leftToScene() throws {
        if Checkout.isEmulated { return }
        let scene = try painter(200) { $0.faces = .off }.paint(Checkout.photo).bytes
        var upsideDown = Self.astronaut
        upsideDown.leftEye = upsideDown.rightEye
        upsideDown.rightMouthCorner = upsideDown.rightEye
        upsideDown.leftMouthCorner = upsideDown.rightEye
        for face in [
            .at(100, 100, height: 50), .at(-60, 100, height: 100), .at(480, 480, height: 300),
            .at(-1e9, 0, height: 1e9),
            .at(.nan, .nan, height: 100), .at(0, 0, height: .infinity), upsideDown,
        ] {
            let (bytes, report) = try painter(200).paint(Checkout.photo, faces: [face])
            #expect(report.facesPainted == 0 && bytes == scene, "\(face.origin) \(face.height)")
        }
    }

    @Test("of a crowd are painted as far as they count, the largest first")
    func crowd() throws {
        if Checkout.isEmulated { return }
        let crowd = (0..<100).map { number in
            Face.at(Double(number % 10) * 50, Double(number / 10) * 50, height: 40 + Double(number) / 10)
        }
        let report = try painter { $0.mostFaces = 3 }.paint(Checkout.photo, faces: crowd).report
        #expect(report.facesFound == 100 && report.facesPainted == 3)
        let largest = try painter { $0.mostFaces = 3 }.paint(Checkout.photo, faces: Array(crowd.suffix(3)))
        #expect(try painter { $0.mostFaces = 3 }.paint(Checkout.photo, faces: crowd).bytes == largest.bytes)
    }

    @Test("take no more memory than they may; without any the scene alone is painted, and that is told")
    func memory() throws {
        if Checkout.isEmulated { return }
        let scene = try painter(300) { $0.faces = .off }.paint(Checkout.photo).bytes
        let (bytes, report) = try painter(300) { $0.faceMemoryLimit = 100 }.paint(
            Checkout.photo, faces: [Self.astronaut])
        #expect(report.facesPainted == 0 && report.facesLeftOut == 1 && bytes == scene)
        // Two thirds of the pixels that its tile would have.
        let side = 300.0 / 512 * (AlignedSquare(framing: Self.astronaut)?.side ?? 0)
        let less = try painter(300) { $0.faceMemoryLimit = Int(2 * side * side) }
            .paint(Checkout.photo, faces: [Self.astronaut])
        #expect(less.report.facesPainted == 1 && less.bytes != scene)
    }

    @Test("that overlap fade into each other: one counts ever less as less of it shows")
    func fading() {
        for (square, shows) in FaceMask.opacity.enumerated().dropLast() where shows > 64 {
            #expect(FaceMask.weight[square] > FaceMask.weight[square + 1], "\(square)")
        }
        // Where half of one shows the edge of another one is not seen.
        #expect(FaceMask.opacity.firstIndex { $0 < 128 }.map { FaceMask.weight[$0] > 100 } == true)
        #expect(FaceMask.weight.last == 1)
    }

    @Test("share the memory: a large one leaves enough for the others")
    func sharedMemory() throws {
        if Checkout.isEmulated { return }
        let faces = (0..<5).map { Face.at(60 + 80 * Double($0), 100 + 60 * Double($0), height: 100 - Double($0)) }
        let report = try painter(3000) { $0.faceMemoryLimit = 5 << 20 }.paint(Checkout.photo, faces: faces).report
        #expect(report.facesPainted == 5 && report.facesLeftOut == 0)
    }

    @Test("become a square picture, when only the largest is wanted")
    func only() throws {
        for side in [100, 512, 700] where !Checkout.isEmulated || side == 100 {
            let (bytes, report) = try painter(side) { $0.faces = .only }
                .paint(Checkout.photo, faces: [.at(400, 400, height: 50), Self.astronaut])
            #expect(report.anime == PictureSize(width: side, height: side) && report.facesPainted == 1)
            let portrait = try picture(bytes)
            #expect(portrait.width == side && portrait.height == side)
        }
        let error = #expect(throws: NoFaceError.self) {
            try painter { $0.faces = .only }.paint(Checkout.photo, faces: [])
        }
        #expect(error?.description.hasSuffix("astronaut.jpg, and only a face was to be painted") == true)
        let blind = #expect(throws: PaintingError.self) {
            try painter {
                $0.faces = .only
                $0.faceNetwork = nil
            }.paint(Checkout.photo)
        }
        #expect(blind?.description.contains("there is no network that finds faces") == true)
    }

    @Test("are framed by a crop that is asked for, in the same bytes for each painter")
    func cropped() throws {
        if Checkout.isEmulated { return }
        let (bytes, report) = try painter(320) { $0.crop = .portrait }.paint(Checkout.photo, faces: [Self.astronaut])
        #expect(report.anime.height == 320 && (255...257).contains(report.anime.width) && report.facesPainted == 1)
        let whole = try painter(320) { $0.crop = .portrait }.paint(Checkout.photo, faces: [])
        #expect(whole.report.anime == PictureSize(width: 320, height: 320), "without a face nothing is cropped")
        let again = try painter(320) {
            $0.crop = .portrait
            $0.stripRows = 8
            $0.threads = 2
        }
        #expect(try again.paint(Checkout.photo, faces: [Self.astronaut]).bytes == bytes)
    }

    @Test("can be stopped for between each other, and the painter goes on with the next picture")
    func stopped() throws {
        if Checkout.isEmulated { return }
        struct Stop: Error {}
        let painter = try painter(300)
        let faces = [Self.astronaut, .at(320, 300, height: 90)]
        let expected = try painter.paint(Checkout.photo, faces: faces).bytes
        for step in 1...3 {
            var told = 0
            #expect(throws: Stop.self) {
                try painter.paint(Checkout.photo, faces: faces) { done, all in
                    #expect(done <= all)
                    told += 1
                    if told == step { throw Stop() }
                }
            }
        }
        var last = (0, 0)
        #expect(try painter.paint(Checkout.photo, faces: faces) { last = ($0, $1) }.bytes == expected)
        #expect(last.0 == last.1 && last.0 > 0)
    }

    @Test("cannot be found by a network that is for something else, which is told")
    func wrongNetworks() throws {
        let finds = #expect(throws: SeeingError.self) {
            try painter { $0.faceNetwork = model }.paint(Checkout.photo)
        }
        #expect(finds?.description.contains("is not a network that finds faces") == true)
        let doubles = #expect(throws: PaintingError.self) { try painter { $0.enlarger = model }.paint(Checkout.photo) }
        #expect(doubles?.description.contains("does not double pictures") == true)
    }
}
