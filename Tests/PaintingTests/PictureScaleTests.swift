import Imaging
import Painting
import Testing

@Suite("The scale of a picture")
struct PictureScaleTests {
    @Test(
        "keeps what the network sees near its native side, and makes the rest by doubling",
        arguments: [
            // Finished, scale of the network; seen, doublings.
            (16, 1, 16, 0), (512, 1, 512, 0), (640, 1, 640, 0), (905, 1, 905, 0), (906, 1, 453, 1), (1024, 1, 512, 1),
            (1280, 1, 640, 1), (1810, 1, 905, 1), (1811, 1, 453, 2), (1920, 1, 480, 2), (4000, 1, 1000, 2),
            (512, 2, 256, 0), (1280, 2, 640, 0), (1810, 2, 905, 0), (1920, 2, 480, 1), (4000, 2, 500, 2),
        ])
    func native(finished: Int, scale: Int, seen: Int, doublings: Int) {
        let size = PictureSize(width: finished, height: (finished * 3 + 3) / 4)
        let made = PictureScale(finished: size, scale: scale, canEnlarge: true)
        #expect(made.seen.width == seen && made.doublings == doublings)
    }

    @Test("makes at least what is asked for, and less than a pixel of the network's more")
    func enough() {
        for width in 1...2100 where width % 7 != 3 {
            for scale in 1...2 {
                let finished = PictureSize(width: width, height: width * 2 / 3 + 1)
                let made = PictureScale(finished: finished, scale: scale, canEnlarge: true)
                let factor = scale << made.doublings
                #expect((0..<factor).contains(made.doubled.width - finished.width))
                #expect((0..<factor).contains(made.doubled.height - finished.height))
            }
        }
    }

    @Test("shows the network less where memory is short, and what it would see anyway where that does not help")
    func memory() {
        let finished = PictureSize(width: 1280, height: 960)
        func scale(_ most: Int) -> PictureScale {
            PictureScale(finished: finished, scale: 1, canEnlarge: true, allows: { $0.width <= most })
        }
        #expect(scale(640).doublings == 1 && scale(639).doublings == 2 && scale(320).seen.width == 320)
        #expect(scale(319) == PictureScale(finished: finished, scale: 1, canEnlarge: true))
        let alone = PictureScale(finished: finished, scale: 1, canEnlarge: false, allows: { _ in false })
        #expect(alone.seen == finished)
    }

    @Test("shows the network everything where nothing can enlarge")
    func alone() {
        let size = PictureSize(width: 4000, height: 3000)
        #expect(PictureScale(finished: size, scale: 1, canEnlarge: false).seen == size)
        #expect(
            PictureScale(finished: size, scale: 2, canEnlarge: false).seen == PictureSize(width: 2000, height: 1500))
    }
}
