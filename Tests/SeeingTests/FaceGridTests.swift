import Seeing
import Testing

@Suite("A grid of faces")
struct FaceGridTests {
    /// A grid of 4 by 2 cells of 16 pixels in which only the cell in column 2 of row 1 says anything.
    private func grid(
        score: (Float, Float) = (0.9, 0.4), box: [Float] = [0.5, 0.25, 0, 0.693_147_2], mark: Float = 0.125
    ) -> FaceGrid {
        var grid = FaceGrid(stride: 16, width: 64, height: 32)
        func row(_ values: [Float]) -> [Float] {
            [Float](repeating: 0, count: 2 * values.count) + values + [Float](repeating: 0, count: values.count)
        }
        grid.take(.class, row: 1, row([score.0]).span)
        grid.take(.objectness, row: 1, row([score.1]).span)
        grid.take(.box, row: 1, row(box).span)
        grid.take(.landmarks, row: 1, row((0..<10).map { Float($0) * mark }).span)
        return grid
    }

    @Test("box and landmarks are read in cells from the cell's corner, sizes as logarithms")
    func decoding() throws {
        let face = try #require(grid().faces(surerThan: 0.59).first)
        #expect(abs(face.score - 0.6) < 1e-6)
        #expect(abs(face.width - 16) < 1e-9 && abs(face.height - 32) < 1e-4)
        #expect(abs(face.origin.x - (2.5 * 16 - 8)) < 1e-9 && abs(face.origin.y - (1.25 * 16 - 16)) < 1e-4)
        #expect(face.rightEye == PicturePoint(x: 32, y: 16 + 2))
        #expect(face.leftMouthCorner == PicturePoint(x: 32 + 16, y: 16 + 18))
    }

    @Test("who is less sure than is asked for is left out, and scores beyond 1 count as 1")
    func scores() {
        #expect(grid().faces(surerThan: 0.61).isEmpty)
        #expect(grid(score: (7, 7)).faces(surerThan: 0.99).first?.score == 1)
        #expect(grid(score: (-1, -1)).faces(surerThan: 0.01).isEmpty)
    }

    @Test("what is no number, or no size, is no face")
    func nonsense() {
        #expect(grid(score: (.nan, 1)).faces(surerThan: 0.5).isEmpty)
        #expect(grid(box: [.nan, 0, 0, 0]).faces(surerThan: 0.5).isEmpty)
        #expect(grid(box: [0, 0, 80, 0]).faces(surerThan: 0.5).isEmpty)
        #expect(grid(box: [0, .infinity, 0, 0]).faces(surerThan: 0.5).isEmpty)
        #expect(grid(mark: .infinity).faces(surerThan: 0.5).isEmpty)
    }

    @Test("rows that do not belong to the grid, or are too short, change nothing")
    func strangeRows() {
        var other = grid()
        other.take(.class, row: 2, [1, 1, 1, 1].span)
        other.take(.class, row: -1, [1, 1, 1, 1].span)
        other.take(.objectness, row: 0, [1, 1].span)
        #expect(other.faces(surerThan: 0.1) == grid().faces(surerThan: 0.1))
    }
}
