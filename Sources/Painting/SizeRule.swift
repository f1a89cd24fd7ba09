import Engine

/// Decides which of the sizes of a style paints: the largest that is expected to paint a picture in time.
///
/// Time grows with the pixels of a picture and with the multiply-accumulate operations that the network does for each,
/// so that one measured speed tells the time of every size.
public struct SizeRule: Sendable, Equatable {
    /// One of the models that can paint a style.
    public struct Candidate: Sendable, Equatable {
        /// Its size; nil for the only model of a style, which need not have one.
        public let size: ModelSize?
        /// Multiply-accumulate operations for one picture.
        public let work: Double
        /// Whether a picture fits into the memory that the network may take.
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
    /// How many seconds a picture may take, where nobody asked for a size.
    public var timeLimit = 0.15
    /// How fast the board paints; nil where it was not measured.
    public var speed: PaintingSpeed?
    /// What a photo measures, where pictures are painted in their photos' own size.
    public var photo = Graph.Extent(height: 960, width: 1280)

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
    ///   - options: The size of pictures and the memory limit.
    /// - Returns: The candidate.
    public func candidate(_ size: ModelSize?, _ graph: Graph, _ options: Painter.Options) -> Candidate {
        let picture =
            switch options.size {
            // Photos come in all proportions; a square takes the longest.
            case .longestSide(let side): graph.square(of: side)
            case .full: Graph.Extent(height: graph.side(of: photo.height), width: graph.side(of: photo.width))
            }
        guard let work = try? graph.work(for: picture) else {
            return Candidate(size: size, work: .infinity, fitsMemory: false)
        }
        let fits = options.memoryLimit == nil || (try? options.plan(for: graph, picture)) != nil
        return Candidate(size: size, work: work, fitsMemory: fits)
    }
}

extension Graph {
    /// Multiply-accumulate operations for one picture.
    ///
    /// - Throws: `EngineError` when the picture does not suit the network.
    func work(for picture: Extent) throws(EngineError) -> Double {
        // A sum of integers could overflow for a network that means no good.
        try multiplyAccumulates(for: picture).reduce(0.0) { $0 + Double($1) }
    }

    fileprivate func side(of length: Int) -> Int { square(of: length).width }
}
