/// Where the rows or columns of an enlargement lie in its input.
struct ResizeSteps {
    enum Direction { case down, across }

    /// A position between two neighbours: `weight` / 128 of the way from the first to the second.
    struct Position: Equatable {
        let first: Int
        let second: Int
        let weight: Int
    }

    /// Rows or columns of the output.
    let count: Int
    private let inputCount: Int
    private let factor: Int
    private let coordinates: Graph.Coordinates

    init(_ layer: Graph.Layer, _ sizes: [Graph.Extent], _ direction: Direction) {
        let input = sizes[layer.input]
        let output = sizes[layer.output]
        self.init(
            inputCount: direction == .down ? input.height : input.width,
            count: direction == .down ? output.height : output.width, factor: layer.factor,
            coordinates: layer.coordinates)
    }

    init(inputCount: Int, count: Int, factor: Int, coordinates: Graph.Coordinates) {
        self.inputCount = inputCount
        self.count = count
        self.factor = factor
        self.coordinates = coordinates
    }

    /// Output row or column `index`; exact integers, as ONNX's Resize defines it with linear interpolation.
    func position(_ index: Int) -> Position {
        // The place in the input is numerator / denominator.
        let (numerator, denominator) =
            switch coordinates {
            case .nearest: (index / factor, 1)
            case .asymmetric: (index, factor)
            case .alignCorners: (index * (inputCount - 1), max(1, count - 1))
            case .halfPixel: (max(0, 2 * index + 1 - factor), 2 * factor)
            }
        let first = min(numerator / denominator, inputCount - 1)
        let rest = numerator - first * denominator
        let weight = (256 * rest + denominator) / (2 * denominator)
        let second = min(first + 1, inputCount - 1)
        return Position(first: first, second: second, weight: second == first ? 0 : min(weight, 128))
    }
}
