import Engine
import Imaging

/// Decides which of the sizes of a style paints: the largest that is expected to finish a picture in time.
///
/// Time grows with the multiply-accumulate operations of all networks that a picture goes through, see ``PaintingWork``, so
/// that one measured speed tells the time of every size.
public struct SizeRule: Sendable, Equatable {
    /// One of the models that can paint a style.
    public struct Candidate: Sendable, Equatable {
        /// Its size; nil for the only model of a style, which need not have one.
        public let size: ModelSize?
        /// Multiply-accumulate operations for one finished picture with two faces, see ``PaintingWork``.
        public let work: Double
        /// Whether each network fits into the memory that it may take.
        public let fitsMemory: Bool

        /// A model whose figures are known.
        public init(size: ModelSize?, work: Double, fitsMemory: Bool = true) {
            self.size = size
            self.work = work
            self.fitsMemory = fitsMemory
        }
    }

    /// The size that somebody asked for; nil for the one that suits the board.
    public var wish: ModelSize?
    /// How many seconds a finished picture with two faces may take, where nobody asked for a size.
    public var timeLimit = Self.standardTimeLimit
    /// How fast the board paints; nil where it was not measured.
    public var speed: PaintingSpeed?
    /// What a photo measures, where pictures are painted in their photos' own size.
    public var photo = PictureSize(width: 1280, height: 960)

    /// Seconds: people wait that long for a picture without turning away.
    public static let standardTimeLimit = 2.0

    /// The standard rule.
    public init() {}

    /// The candidate that paints.
    ///
    /// A size that there is not is replaced by the next smaller one, or else the smallest. Without a wish and a speed it
    /// is the middle one, as everywhere where a style's name stands for a model. A size that needs too much memory is
    /// not chosen unless it is wished for.
    ///
    /// - Returns: An index; nil when there are no candidates.
    public func choice(among candidates: [Candidate]) -> Int? {
        func size(_ index: Int) -> ModelSize { candidates[index].size ?? .medium }
        func nearest(to wish: ModelSize, _ possible: [Int]) -> Int? {
            possible.filter { size($0) <= wish }.max { size($0) < size($1) } ?? smallest(possible)
        }
        func smallest(_ possible: [Int]) -> Int? { possible.min { size($0) < size($1) } }

        let all = Array(candidates.indices)
        if let wish { return nearest(to: wish, all) }
        let fitting = all.filter { candidates[$0].fitsMemory }
        let possible = fitting.isEmpty ? all : fitting
        guard let speed else { return nearest(to: .medium, possible) }
        let inTime = possible.filter { speed.seconds(for: candidates[$0].work) <= timeLimit }
        return inTime.max { size($0) < size($1) } ?? smallest(possible)
    }
}

extension SizeRule {
    /// A model as a candidate for pictures of the size that is set.
    ///
    /// - Parameters:
    ///   - size: The model's size.
    ///   - graph: Its network.
    ///   - options: The size of pictures, what is done with faces, the other networks and the memory limit.
    /// - Returns: The candidate.
    public func candidate(_ size: ModelSize?, _ graph: Graph, _ options: Painter.Options) -> Candidate {
        guard let work = try? PaintingWork(of: graph, options, photo: photo) else {
            return Candidate(size: size, work: .infinity, fitsMemory: false)
        }
        let fits = options.memoryLimit == nil || (try? work.workspaceBytes) != nil
        return Candidate(size: size, work: work.operations, fitsMemory: fits)
    }
}
