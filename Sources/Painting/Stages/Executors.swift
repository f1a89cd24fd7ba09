import Engine
import Imaging

/// The executors that a picture needs, each with its memory and threads, kept from picture to picture of the same size.
final class Executors {
    /// What an executor is for.
    enum Purpose: Hashable {
        case scene
        case face
        /// The doubling of a whole picture, the first or the second one.
        case doubling(Int)
        case faceDoubling
        /// The doubling of a small face before it is painted.
        case cutOutDoubling(Int)
    }

    private let options: Painter.Options
    private var kept: [Purpose: Executor] = [:]
    /// What memory allows: to plan a picture takes longer than to look it up.
    private var answers: [Question: Bool] = [:]

    private struct Question: Hashable {
        let path: String
        let size: PictureSize
    }

    init(_ options: Painter.Options) { self.options = options }

    /// Bytes of workspace that are held.
    var workspaceBytes: Int { kept.values.reduce(0) { $0 + $1.plan.workspaceBytes } }

    /// An executor of `model` for pictures of the given size.
    ///
    /// - Throws: `EngineError` when the picture does not suit the network, or would exceed the memory limit.
    func executor(_ purpose: Purpose, _ model: ModelFile, _ size: PictureSize) throws(EngineError) -> Executor {
        let picture = Graph.Extent(height: size.height, width: size.width)
        if let executor = kept[purpose], executor.plan.picture == picture { return executor }
        kept[purpose] = nil  // its memory goes before new memory comes
        let made = try Executor(
            model: model, plan: try options.plan(for: model.graph, picture), instructionSet: options.instructionSet,
            threads: options.threads)
        kept[purpose] = made
        return made
    }

    /// Whether the memory limit allows `network` to run on pictures of the given size.
    func allow(_ network: PaintingNetwork, _ size: PictureSize) -> Bool {
        let question = Question(path: network.model.path, size: size)
        if let answer = answers[question] { return answer }
        // Photos come in few sizes; where guests send many, what was known is found out again.
        if answers.count >= 64 { answers = [:] }
        let answer = options.allow(network.model.graph, network.model.graph.extent(of: size))
        answers[question] = answer
        return answer
    }

    /// What `network` makes of the rows of a source, of which none was read yet.
    func rows(_ purpose: Purpose, _ network: PaintingNetwork, of source: any RowSource) throws(EngineError)
        -> NetworkRows
    {
        let padded = PaddedRows(source, multiple: network.model.graph.sideMultiple)
        let size = PictureSize(width: padded.width, height: padded.height)
        return NetworkRows(padded, executor: try executor(purpose, network.model, size), scale: network.scale)
    }

    /// What `network`, which underpaints, makes of the rows of a source, of which none was read yet.
    func underpaintedRows(_ purpose: Purpose, _ network: PaintingNetwork, of source: any RowSource) throws(EngineError)
        -> UnderpaintedRows
    {
        let padded = PaddedRows(source, multiple: network.model.graph.sideMultiple)
        let size = PictureSize(width: padded.width, height: padded.height)
        return UnderpaintedRows(padded, executor: try executor(purpose, network.model, size))
    }

    /// Rows per strip of the scene.
    var stripRows: Int { kept[.scene]?.plan.stripRows ?? 0 }
}
