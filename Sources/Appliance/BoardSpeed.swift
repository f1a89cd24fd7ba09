import Booth
import Engine
import Painting

/// How fast this board paints, as 'run' measured it and keeps it in the state folder.
package struct BoardSpeed: Sendable {
    let folder: String
    let conditions: SpeedRecord.Conditions

    /// The speed under the conditions of these settings.
    package init(_ settings: Settings, _ machine: Machine) {
        folder = settings.stateFolder
        conditions = SpeedRecord.Conditions(
            program: programVersion, board: machine.model ?? machine.processor ?? "unknown",
            kernels: InstructionSet.best.name, threads: settings.threads)
    }

    /// The speed that was measured; nil where it was not, or under other conditions.
    package var known: PaintingSpeed? { SpeedRecord(folder: folder).speed(under: conditions) }

    /// Keeps a speed for the next start.
    ///
    /// - Throws: A sentence for a person.
    func keep(_ speed: PaintingSpeed) throws {
        try StateFolder.make(folder)
        try SpeedRecord(folder: folder).keep(speed, under: conditions)
    }
}

/// What there is to say about the size that paints.
struct SizeWords {
    let settings: Settings
    let sizes: StyleSizes
    let speed: PaintingSpeed
    let others: [StyleSizes]
    let isNamed: Bool

    /// About the first style of a painter, and styles that differ from it.
    init?(_ painter: ModelPainter, _ settings: Settings, _ speed: PaintingSpeed) {
        guard let first = painter.sizes.first(where: { $0.style == painter.firstStyle }) else { return nil }
        sizes = first
        others = painter.sizes.filter { $0.size != first.size && $0.size != nil }
        isNamed = painter.isFirstModelNamed
        self.settings = settings
        self.speed = speed
    }

    /// Whether even the smallest takes longer than it should.
    private var isLate: Bool { settings.modelSize == nil && !isNamed && seconds > settings.timeLimit }

    private var seconds: Double { speed.seconds(for: sizes.work) }

    /// "m, about 1.9 s a picture at 1280 with two faces (measured: 2.1 GMAC/s, 2 threads); s, m, l exist".
    var text: String {
        let place = settings.animeSide.map { "at \($0)" } ?? "in the camera's full size"
        let threads = settings.threads
        var text = sizes.size.map(\.rawValue) ?? "the only one of \(sizes.style)"
        if isNamed {
            text += ", as style names that model"
        } else if let wish = settings.modelSize, sizes.size == wish {
            text += ", as models.size says"
        }
        let faces = settings.faces == .auto ? " with two faces" : ""
        text += ", about \(Self.words(seconds)) a picture \(place)\(faces) (measured: "
        text += "\((speed.operationsPerSecond / 1e9).fixed(1)) GMAC/s, "
        text += "\(threads) \(threads == 1 ? "thread" : "threads"))"
        if isLate {
            text += ", longer than the \(settings[.timeLimit]) s of models.time-limit, which is for all of a picture"
        }
        let names = sizes.existing.map(\.rawValue)
        if names.count > 1 { text += "; \(names.joined(separator: ", ")) exist" }
        if names.count == 1, !isNamed { text += "; there is no other" }
        if !others.isEmpty { text += "; \(others.sizeWords)" }
        return text
    }

    /// A time with as many digits as tell something.
    private static func words(_ seconds: Double) -> String {
        seconds < 0.1 ? "\((seconds * 1e3).fixed(1)) ms" : "\(seconds.fixed(seconds < 1 ? 2 : 1)) s"
    }
}

extension ModelPainter {
    /// Which styles lack the size that models.size asks for; nil when all have it.
    nonisolated func complaintAboutSize(_ settings: Settings) -> String? {
        let lacking = stylesWithoutWishedSize
        guard !lacking.isEmpty else { return nil }
        return "models.size is '\(settings[.modelSize])', which not every style has; it is \(lacking.sizeWords)"
    }
}

extension [StyleSizes] {
    /// "m for cute, painted; s for anime".
    fileprivate var sizeWords: String {
        let groups = Dictionary(grouping: self) { $0.size?.rawValue ?? "the only model" }.sorted { $0.key < $1.key }
        return groups.map { "\($0.key) for \($0.value.map(\.style).joined(separator: ", "))" }.joined(separator: "; ")
    }
}
