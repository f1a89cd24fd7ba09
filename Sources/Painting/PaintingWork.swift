import Engine
import Imaging

/// What a finished picture takes, known before there is a photo: every network that it goes through, with what each sees.
///
/// Two faces are reckoned with, as many as there are in most pictures that people take of each other. Now and then one is
/// large enough to be doubled by itself: that counts for memory, not for time. Decoding and encoding are left out.
public struct PaintingWork: Sendable {
    /// Faces of the picture that is reckoned with.
    public static let faces = 2

    /// How the picture gets its size.
    public let scale: PictureScale
    /// Multiply-accumulate operations of all networks together. Those of the networks that find faces and that double count
    /// twice: with the few channels of their layers one takes about twice as long as one of a style's network, by which
    /// boards are measured.
    public let operations: Double

    private let options: Painter.Options
    /// The networks that paint, which are held to the memory limit.
    private let painting: [Part]

    private struct Part {
        let graph: Graph
        let picture: Graph.Extent
        /// How often it runs, or counts.
        let times: Double
    }

    /// How much longer than one of a style's network an operation of the small networks takes.
    private static let smallNetworkWeight = 2.0

    /// Reckons.
    ///
    /// - Parameters:
    ///   - graph: The network that paints.
    ///   - options: The size of pictures, what is done with faces, and the other networks.
    ///   - photo: What a photo measures, where pictures are painted in their photos' own size. Otherwise the picture is a
    ///     square: photos come in all proportions, and a square takes the longest.
    /// - Throws: `EngineError` when a network does not take such a picture.
    public init(of graph: Graph, _ options: Painter.Options, photo: PictureSize) throws(EngineError) {
        let finished =
            switch options.size {
            case .longestSide(let side): PictureSize(width: side, height: side)
            case .full: photo
            }
        let enlarger = options.enlarger?.graph
        let scale = PictureScale(
            finished: finished, scale: try graph.paintingScale, canEnlarge: enlarger != nil,
            allows: { options.allow(graph, graph.extent(of: $0)) })
        var painting = [Part(graph: graph, picture: graph.extent(of: scale.seen), times: 1)]
        var seeing: [Part] = []
        if options.faces != .off, let network = options.faceNetwork?.graph {
            let seen = finished.fitted(longestSide: Painter.seeingSide)
            seeing.append(Part(graph: network, picture: network.extent(of: seen), times: Self.smallNetworkWeight))
            // Where only a face is painted, that is the scene.
            if options.faces == .auto {
                let face = graph.square(of: options.faceSide)
                painting.append(Part(graph: graph, picture: face, times: Double(Self.faces)))
                if let enlarger {
                    painting.append(
                        Part(graph: enlarger, picture: enlarger.square(of: scale.scale * face.width), times: 0))
                }
            }
        }
        if let enlarger {
            for number in 0..<scale.doublings {
                let drawn = PictureSize(width: scale.drawn.width << number, height: scale.drawn.height << number)
                painting.append(
                    Part(graph: enlarger, picture: enlarger.extent(of: drawn), times: Self.smallNetworkWeight))
            }
        }
        var sum = 0.0
        for part in painting + seeing { sum += part.times * (try part.graph.work(for: part.picture)) }
        self.scale = scale
        self.options = options
        self.painting = painting
        operations = sum
    }

    /// Bytes of workspace that the networks that paint hold together at most.
    ///
    /// - Throws: `EngineError` when one of them exceeds the memory limit.
    public var workspaceBytes: Int {
        get throws(EngineError) {
            var sum = 0
            for part in painting { sum += try options.plan(for: part.graph, part.picture).workspaceBytes }
            return sum
        }
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

    /// A picture with what the network wants beside and below it.
    func extent(of size: PictureSize) -> Extent {
        Extent(height: square(of: size.height).height, width: square(of: size.width).width)
    }

    /// How many times as wide as what it sees a painting network's picture is.
    fileprivate var paintingScale: Int {
        get throws(EngineError) {
            let seen = square(of: 64)
            guard let output = outputs.first else { return 1 }
            let made = try sizes(for: seen)[output.tensor]
            return min(max(made.width / seen.width, 1), PaintingNetwork.largestScale)
        }
    }
}
