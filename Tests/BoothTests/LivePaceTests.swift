import Booth
import Testing

@Suite("The pace of what people watch live")
struct LivePaceTests {
    /// A board that paints a million pixels in so many milliseconds.
    private struct Board {
        var millisecondsPerMegapixel: Double
        var faces = 0
        var pace = LivePace()

        /// Paints frames, and tells how often faces came or went.
        mutating func paint(_ frames: Int, facesAreWanted: Bool = true) -> Int {
            var changes = 0
            for _ in 0..<frames {
                let hadFaces = facesAreWanted && pace.hasTimeForFaces
                let scene = pace.side * pace.side * 3 / 4
                let pixels = scene + (hadFaces ? faces * pace.faceSide * pace.faceSide : 0)
                pace.add(
                    .microseconds(Int(millisecondsPerMegapixel * Double(pixels) / 1000)), hadFaces: hadFaces)
                if facesAreWanted, hadFaces != pace.hasTimeForFaces { changes += 1 }
            }
            return changes
        }
    }

    @Test("pictures grow where there is time, shrink where there is none, and then stay as they are")
    func side() {
        for (speed, sides) in [(10.0, 512...512), (800, 320...544), (3000, 160...352), (1e5, 96...96)] {
            var board = Board(millisecondsPerMegapixel: speed)
            _ = board.paint(50, facesAreWanted: false)
            let side = board.pace.side
            #expect(sides.contains(side), "\(speed)")
            _ = board.paint(50, facesAreWanted: false)
            #expect(board.pace.side == side && board.pace.hasTimeForFaces, "\(speed)")
        }
    }

    @Test("a fast board keeps faces and settles, with more pixels for each where pictures are large")
    func fast() {
        for (speed, faceSide) in [(100.0, 512), (300, 384), (800, 256)] {
            var board = Board(millisecondsPerMegapixel: speed, faces: 2)
            #expect(board.paint(100) == 0, "\(speed)")
            let side = board.pace.side
            #expect(board.paint(100) == 0 && board.pace.side == side && side >= 192, "\(speed)")
            #expect(board.pace.faceSide == faceSide, "\(speed)")
        }
    }

    @Test(
        "a slow board leaves faces to the scene before pictures become smaller than 192 pixels, and tries them seldom")
    func slow() {
        var board = Board(millisecondsPerMegapixel: 1500, faces: 2)
        #expect(board.paint(3) == 1)
        #expect(!board.pace.hasTimeForFaces && board.pace.side >= 192)
        // About a hundred seconds, then four hundred more.
        #expect((2...12).contains(board.paint(500)))
        #expect((2...10).contains(board.paint(4000)))
        #expect(board.pace.side > 192, "pictures are as large as they may be without faces")
    }

    @Test("a board that takes long for the scene alone does not try faces again")
    func slowest() {
        var board = Board(millisecondsPerMegapixel: 5000, faces: 1)
        _ = board.paint(10)
        #expect(!board.pace.hasTimeForFaces)
        #expect(board.paint(5000) == 0)
    }

    @Test("faces come back once there is time again")
    func back() {
        var board = Board(millisecondsPerMegapixel: 3000, faces: 2)
        _ = board.paint(100)
        #expect(!board.pace.hasTimeForFaces)
        board.millisecondsPerMegapixel = 300
        #expect(board.paint(900) == 1)
        #expect(board.pace.hasTimeForFaces && board.pace.side > 192)
    }

    @Test("a single slow frame does not send faces away")
    func hiccup() {
        var pace = LivePace()
        for frame in 0..<100 {
            pace.add(.milliseconds(frame % 3 == 0 ? 900 : 150), hadFaces: true)
            #expect(pace.hasTimeForFaces && pace.side == 192)
        }
    }

    @Test("times that no frame takes do no harm")
    func nonsense() {
        var pace = LivePace()
        for time in [Duration.zero, .seconds(-5), .seconds(1_000_000_000)] {
            for hadFaces in [true, false] {
                for _ in 0..<1000 { pace.add(time, hadFaces: hadFaces) }
                #expect((96...512).contains(pace.side))
            }
        }
    }
}
