import Engine
import Glibc
import TestSupport

/// Graphs for tests.
enum Networks {
    /// A U-Net in small: strides 2 and 4, depthwise blocks, residuals, two sub-pixel convolutions.
    static func uNet(widths: (Int, Int) = (12, 24)) -> Graph {
        let (a, b) = widths
        let one = Graph.Extent(height: 1, width: 1)
        let three = Graph.Extent(height: 3, width: 3)
        let two = Graph.Extent(height: 2, width: 2)
        let around = Graph.Padding(top: 1, left: 1, bottom: 1, right: 1)
        return Graph(
            name: "small", style: "test", title: "A small network", licence: "none", sideMultiple: 4,
            tensors: [
                .init(name: "photo", channels: 3), .init(name: "f2", channels: a), .init(name: "f4", channels: b),
                .init(name: "wide", channels: 2 * b), .init(name: "deep", channels: 2 * b),
                .init(name: "narrow", channels: b), .init(name: "g2", channels: a), .init(name: "anime", channels: 3),
            ],
            layers: [
                .init(
                    name: "stem", kind: .convolution, input: 0, output: 1, kernel: .init(height: 6, width: 6),
                    stride: two, padding: .init(top: 2, left: 2, bottom: 2, right: 2)),
                .init(
                    name: "down", kind: .convolution, input: 1, output: 2, kernel: three, stride: two, padding: around),
                .init(name: "expand", kind: .convolution, input: 2, output: 3, kernel: one),
                .init(name: "filter", kind: .depthwise, input: 3, output: 4, kernel: three, padding: around),
                .init(name: "project", kind: .convolution, input: 4, output: 5, residual: 2, kernel: one),
                .init(
                    name: "up", kind: .convolution, input: 5, output: 6, residual: 1, kernel: three, padding: around,
                    rowGroups: 2),
                .init(
                    name: "head", kind: .convolution, input: 6, output: 7, residual: 0, kernel: three, padding: around,
                    rowGroups: 2),
            ])
    }

    /// The U-Net with outputs beside the picture, out of its middle and out of order.
    static var manyOutputs: Graph {
        let graph = uNet()
        return Graph(
            name: graph.name, style: graph.style, title: graph.title, licence: graph.licence,
            sideMultiple: graph.sideMultiple, tensors: graph.tensors, layers: graph.layers,
            outputs: [
                .init(name: "deep", tensor: 4), .init(name: "anime", tensor: 7), .init(name: "half", tensor: 1),
            ])
    }

    /// All kinds of layers that are no convolutions but `resize`, and all three normalizations.
    static var passes: Graph {
        let mirrored = Graph.Padding(top: 1, left: 1, bottom: 1, right: 1)
        return Graph(
            name: "passes", style: "test", title: "Passes", licence: "none", sideMultiple: 1,
            tensors: [3, 4, 4, 4, 4, 4, 4, 3].enumerated().map { .init(name: "t\($0)", channels: $1) },
            layers: [
                .init(
                    name: "stem", kind: .convolution, input: 0, output: 1, kernel: .init(height: 3, width: 3),
                    padding: mirrored, border: .reflect),
                .init(name: "layer", kind: .pointwise, input: 1, output: 2, normalization: .layer),
                .init(name: "instance", kind: .pointwise, input: 2, output: 3, residual: 1, normalization: .instance),
                .init(
                    name: "adaptive", kind: .pointwise, input: 3, output: 4, residual: 2,
                    normalization: .adaptive(reference: 1), residualFirst: true),
                .init(name: "attention", kind: .attention, input: 4, output: 5),
                .init(name: "lookup", kind: .lookup, input: 5, output: 6),
                .init(name: "head", kind: .convolution, input: 6, output: 7),
            ])
    }

    /// A picture made smaller and enlarged again.
    static var enlargement: Graph {
        let two = Graph.Extent(height: 2, width: 2)
        return Graph(
            name: "enlargement", style: "test", title: "Enlargement", licence: "none", sideMultiple: 2,
            tensors: [3, 12, 3, 3].enumerated().map { .init(name: "t\($0)", channels: $1) },
            layers: [
                .init(name: "down", kind: .convolution, input: 0, output: 1, kernel: two, stride: two),
                .init(name: "narrow", kind: .convolution, input: 1, output: 2),
                .init(
                    name: "up", kind: .resize, input: 2, output: 3, coordinates: .halfPixel, factor: 2),
            ])
    }

    /// Channels that are scaled by what a global average became, and an output of float32 numbers beside the picture.
    static var excitation: Graph {
        Graph(
            name: "excitation", style: "test", title: "Excitation", licence: "none", sideMultiple: 1,
            tensors: [3, 4, 4, 4, 4, 2, 3].enumerated().map {
                .init(name: "t\($0)", channels: $1, isReal: $0 == 5)
            },
            layers: [
                .init(name: "stem", kind: .convolution, input: 0, output: 1),
                .init(name: "average", kind: .globalAverage, input: 1, output: 2),
                .init(name: "lookup", kind: .lookup, input: 2, output: 3),
                .init(name: "scale", kind: .channelScale, input: 1, output: 4, factors: 3),
                .init(
                    name: "reals", kind: .convolution, input: 4, output: 5, kernel: .init(height: 3, width: 3),
                    stride: .init(height: 2, width: 2), padding: .init(top: 1, left: 1, bottom: 1, right: 1)),
                .init(name: "head", kind: .convolution, input: 4, output: 6),
            ], outputs: [.init(name: "picture", tensor: 6), .init(name: "reals", tensor: 5)])
    }

    /// A pooling whose window reaches beyond the picture, and repeated pixels after it.
    static var pooling: Graph {
        Graph(
            name: "pooling", style: "test", title: "Pooling", licence: "none", sideMultiple: 2,
            tensors: [3, 3, 3].enumerated().map { .init(name: "t\($0)", channels: $1) },
            layers: [
                .init(
                    name: "pool", kind: .maxPool, input: 0, output: 1, kernel: .init(height: 3, width: 3),
                    stride: .init(height: 2, width: 2), padding: .init(top: 1, left: 1, bottom: 1, right: 1),
                    border: .lowest),
                .init(name: "up", kind: .resize, input: 1, output: 2, coordinates: .nearest, factor: 2),
            ])
    }

    /// A single 7x7 convolution from picture to picture.
    static var wideWindow: Graph {
        Graph(
            name: "wide", style: "test", title: "One layer", licence: "none", sideMultiple: 1,
            tensors: [.init(name: "photo", channels: 3), .init(name: "anime", channels: 3)],
            layers: [
                .init(
                    name: "only", kind: .convolution, input: 0, output: 1, kernel: .init(height: 7, width: 7),
                    padding: .init(top: 3, left: 3, bottom: 3, right: 3))
            ])
    }
}

/// A picture of seeded noise, packed RGB.
func noise(width: Int, height: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix(seed: seed)
    return (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
}

/// Calls `body` with the path of a temporary file that holds `bytes`, and removes the file after.
func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) rethrows -> Result {
    let path = "/tmp/animesnap-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).safetensors"
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    var written = 0
    while written < bytes.count {
        let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { break }
        written += count
    }
    close(descriptor)
    defer { unlink(path) }
    return try body(path)
}

extension Executor {
    /// The painted picture of a packed RGB photo of the plan's size.
    func paint(_ samples: [UInt8]) throws -> [UInt8] { try outputs(of: samples)[0] ?? [] }

    /// The bytes of all outputs that there are.
    func outputs(of samples: [UInt8]) throws -> [Int: [UInt8]] {
        var results: [Int: [UInt8]] = [:]
        // Networks of other inputs than pictures go around in them.
        try run(
            readRow: { y, row in
                for x in row.indices { row[x] = samples[(y * row.count + x) % samples.count] }
            },
            writeOutput: { output, _, row in for x in row.indices { results[output, default: []].append(row[x]) } })
        return results
    }
}
