/// Everything that is decided before a picture is painted: the order of work in strips and the memory it takes.
///
/// A picture flows through the network in horizontal strips. In each strip every layer makes as many rows as its inputs
/// allow and hands them on while they are in cache; a tensor keeps just the rows that some layer still needs, in a ring.
/// So memory grows with the picture's width and the strip, not with its height. A strip as tall as the picture is
/// whole-layer execution: the same steps, one dial. Where a layer needs statistics of a whole tensor a new phase begins,
/// and a tensor that is read in a later phase than it is made in is kept whole.
public struct Plan: Sendable {
    /// One step of the schedule: rows of the input come in, a layer makes rows, or rows of an output go out.
    struct Step {
        /// The index of the layer, ``readInput``, ``beginPhase``, or one of ``writeOutput(_:)``.
        let layer: Int32
        /// Window positions of the layer, or rows of the input or the output.
        let first: Int32
        let end: Int32

        static let readInput: Int32 = -1
        /// Begins the phase `first`: see ``Phases``.
        static let beginPhase: Int32 = -2
        /// Hands out rows of the output `index`.
        static func writeOutput(_ index: Int) -> Int32 { -3 - Int32(index) }
    }

    /// The rows of one tensor: `capacity` rows in a ring, row y at index y modulo capacity.
    public struct Ring: Sendable {
        /// Rows and columns of the whole tensor.
        public var size: Graph.Extent
        /// Rows that are kept.
        public var capacity = 1
        /// Bytes from one row to the next, padding columns included.
        public var rowStride = 0
        /// Where pixel 0 of the ring's first row lies in the workspace.
        var origin = 0
        /// Where pixel 0 of a row of padding lies, if any layer needs one.
        var paddingRow: Int?
        var columnsBefore = 0
        var columnsAfter = 0
        var slack = 0
        var border = Graph.Border.zero
        /// The phases in which the rows are needed.
        var lifetime = 0...0
    }

    /// The picture's size.
    public let picture: Graph.Extent
    /// How many rows of the picture come in at a time; a multiple of the network's side multiple.
    public let stripRows: Int
    /// The bytes that an executor of this plan takes for activations.
    public let workspaceBytes: Int
    /// One ring per tensor.
    public let rings: [Ring]
    let steps: [Step]
    let phases: Phases
    /// How often work waits for statistics of whole tensors, plus one.
    public var phaseCount: Int { phases.count }

    /// Plans the execution of `graph` on pictures of the given size.
    ///
    /// - Parameters:
    ///   - graph: The network.
    ///   - picture: Both sides multiples of the graph's side multiple.
    ///   - stripRows: Rows of the picture per strip, rounded up to a multiple of the side multiple; nil chooses.
    ///   - memoryLimit: The most bytes that the workspace may take; nil for no limit.
    /// - Throws: ``EngineError`` when the picture does not suit the network or the limit would be exceeded.
    public init(
        graph: Graph, picture: Graph.Extent, stripRows: Int? = nil, memoryLimit: Int? = nil
    ) throws(EngineError) {
        let sizes = try graph.sizes(for: picture)
        let wanted = stripRows ?? Self.stripRows(graph, sizes, cacheBytes: secondLevelCacheBytes())
        let strip = min(roundUp(max(wanted, 1), to: graph.sideMultiple), picture.height)
        var rings = sizes.map { Ring(size: $0) }
        self.picture = picture
        self.stripRows = strip
        let phases = Phases(graph)
        self.phases = phases
        var schedule = Schedule(graph, sizes, phases, strip: strip)
        schedule.run()
        steps = schedule.steps
        for index in rings.indices {
            rings[index].capacity = schedule.capacities[index]
            rings[index].lifetime = phases.lifetimes[index]
        }
        workspaceBytes = Self.layOut(graph, rings: &rings)
        self.rings = rings
        if let memoryLimit, workspaceBytes > memoryLimit {
            throw EngineError(
                "a picture of \(picture.width)x\(picture.height) needs \(megabytes(workspaceBytes)) MB of workspace in strips of "
                    + "\(strip) rows; the limit is \(megabytes(memoryLimit)) MB"
                    + Self.advice(graph, picture, memoryLimit))
        }
    }

    /// The tallest strip, of up to 64 rows, with which what any layer reads and writes at a time takes a quarter of the
    /// second-level cache. One thread is 2 to 4 % faster in strips half as tall, but several threads, who share out each
    /// step, want steps that last longer than it takes to agree on them.
    private static func stripRows(_ graph: Graph, _ sizes: [Graph.Extent], cacheBytes: Int) -> Int {
        var rows = 64
        while rows > graph.sideMultiple {
            let largest = graph.layers.map { layer in
                [layer.input, layer.output].reduce(0) { sum, tensor in
                    let height = max(1, rows * sizes[tensor].height / sizes[0].height)
                    return sum + height * sizes[tensor].width * graph.tensors[tensor].channels
                }
            }
            if largest.allSatisfy({ $0 <= cacheBytes / 4 }) { break }
            rows /= 2
        }
        return rows
    }

    /// The largest picture of the same proportions that fits the limit, as the end of a sentence.
    private static func advice(_ graph: Graph, _ picture: Graph.Extent, _ limit: Int) -> String {
        let unit = graph.sideMultiple
        let longest = max(picture.width, picture.height)
        /// A picture of these proportions whose longest side has `units` times the side multiple.
        func extent(_ units: Int) -> Graph.Extent {
            func side(_ length: Int) -> Int { max(unit, length * units / longest * unit) }
            return Graph.Extent(height: side(picture.height), width: side(picture.width))
        }
        func fits(_ units: Int) -> Bool {
            guard let plan = try? Plan(graph: graph, picture: extent(units), stripRows: unit) else { return false }
            return plan.workspaceBytes <= limit
        }
        var low = 0
        var high = longest / unit
        while low < high {
            let middle = (low + high + 1) / 2
            if fits(middle) { low = middle } else { high = middle - 1 }
        }
        guard low > 0 else { return ", which is too little for any picture" }
        let size = extent(low)
        return "; \(size.width)x\(size.height) would fit in strips of \(unit) rows"
    }
}

// MARK: - Memory

extension Plan {
    /// Places all rings in the workspace and returns its size in bytes.
    private static func layOut(_ graph: Graph, rings: inout [Ring]) -> Int {
        var paddingRows = [Bool](repeating: false, count: rings.count)
        for layer in graph.layers {
            let input = rings[layer.input].size
            let positions = rings[layer.output].size
            let channels = graph.tensors[layer.input].channels
            let across =
                (positions.width / (layer.rowGroups * layer.factor) - 1) * layer.stride.width + layer.kernel.width
            let before = layer.padding.left
            let after = max(0, across - before - input.width)
            rings[layer.input].columnsBefore = max(rings[layer.input].columnsBefore, before)
            rings[layer.input].columnsAfter = max(rings[layer.input].columnsAfter, after)
            rings[layer.input].slack = max(rings[layer.input].slack, slack(pixelStep: layer.stride.width * channels))
            if layer.isPadded { rings[layer.input].border = layer.border }
            if layer.border != .reflect, layer.padding.top > 0 || layer.padding.bottom > 0 {
                paddingRows[layer.input] = true
            }
            if let residual = layer.residual {
                let step = graph.groupChannels(of: layer)
                rings[residual].slack = max(rings[residual].slack, slack(pixelStep: step))
            }
            // Statistics are gathered from a tensor that no layer may read.
            rings[layer.output].slack = max(rings[layer.output].slack, kernelRowSlack)
        }
        var extents: [Int] = []
        for index in rings.indices {
            let channels = graph.tensors[index].bytesPerPixel
            let before = roundUp(rings[index].columnsBefore * channels, to: 64)
            let row = (rings[index].size.width + rings[index].columnsAfter) * channels
            rings[index].rowStride = roundUp(before + row, to: 64)
            let rows = rings[index].capacity + (paddingRows[index] ? 1 : 0)
            // What kernels read past a row is the next row, or this slack after the last one.
            extents.append(rows * rings[index].rowStride + roundUp(rings[index].slack, to: 64))
        }
        let (offsets, total) = place(extents, lifetimes: rings.map(\.lifetime))
        for index in rings.indices {
            let channels = graph.tensors[index].bytesPerPixel
            rings[index].origin = offsets[index] + roundUp(rings[index].columnsBefore * channels, to: 64)
            if paddingRows[index] {
                rings[index].paddingRow = rings[index].origin + rings[index].capacity * rings[index].rowStride
            }
        }
        return total
    }

    /// Offsets for pieces of memory such that those that are needed in the same phase do not overlap: the largest first,
    /// each as low as it can lie (greedy by size, Pisarchyk and Lee 2020).
    private static func place(_ extents: [Int], lifetimes: [ClosedRange<Int>]) -> (offsets: [Int], total: Int) {
        var offsets = [Int](repeating: 0, count: extents.count)
        var placed: [Int] = []
        var total = 0
        // With one phase the order does not matter, and neighbours in the network are best neighbours in memory.
        let isShared = lifetimes.contains { $0.upperBound > 0 }
        let order = isShared ? extents.indices.sorted { extents[$0] > extents[$1] } : Array(extents.indices)
        for piece in order {
            var offset = 0
            for other in placed.sorted(by: { offsets[$0] < offsets[$1] })
            where lifetimes[other].overlaps(lifetimes[piece]) {
                if offset + extents[piece] <= offsets[other] { break }
                offset = max(offset, offsets[other] + extents[other])
            }
            offsets[piece] = offset
            placed.append(piece)
            total = max(total, offset + extents[piece])
        }
        return (offsets, total)
    }

    private static func slack(pixelStep: Int) -> Int { kernelRowSlack + (kernelTilePixels - 1) * pixelStep }
}

/// A number of bytes in megabytes of 2^20, rounded up to tenths.
private func megabytes(_ bytes: Int) -> String {
    let tenths = (bytes * 10 + (1 << 20) - 1) >> 20
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
}
