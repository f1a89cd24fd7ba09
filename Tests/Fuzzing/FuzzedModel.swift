@testable import Engine
import Glibc

/// A foreign model file, through reading, planning and painting a tiny picture.
///
/// An input that begins with `{` is the text of a graph, then a zero byte, then bytes from which all tensors are made
/// that the graph needs: so inputs get past the container. Every other input is a file as it is. Both get the checksum
/// that fits, which nothing made up at random ever has.
enum FuzzedModel {
    static func read(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        let isGraph = input.first == UInt8(ascii: "{")
        let bytes = isGraph ? file(from: Array(input)) : Array(input)
        guard let bytes, bytes.count >= 64 else { return 0 }
        write(ModelDraft.sealed(bytes))
        do throws(ModelFileError) {
            let model = try ModelFile(path: path, isCopied: bytes.count % 2 == 0)
            do throws(EngineError) {
                try paint(model, isGraph: isGraph)
            } catch {
                Fuzzing.requireSentence(error.description)
            }
        } catch {
            Fuzzing.requireSentence(error.description)
        }
        return 0
    }

    /// A file in memory that has lost its name, and is opened by a path all the same.
    private static let descriptor = {
        let name = "/dev/shm/animesnap-fuzzing-\(getpid())"
        defer { unlink(name) }
        return open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    }()
    private static let path = "/proc/self/fd/\(descriptor)"

    private static func write(_ bytes: [UInt8]) {
        ftruncate(descriptor, 0)
        Fuzzing.require(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, "the file could not be written")
    }

    private static func paint(_ model: ModelFile, isGraph: Bool) throws(EngineError) {
        let graph = model.graph
        guard graph.sideMultiple <= 32 else { return }
        let picture = Graph.Extent(height: 4 * graph.sideMultiple, width: 2 * graph.sideMultiple)
        guard try graph.multiplyAccumulates(for: picture).allSatisfy({ $0 < 4_000_000 }) else { return }
        let samples = noise(width: picture.width, height: picture.height, seed: 1)
        var pictures: [[Int: [UInt8]]] = []
        for (set, strip) in [(InstructionSet.available.first, 1), (InstructionSet.best, 1 << 16)] {
            let plan = try Plan(graph: graph, picture: picture, stripRows: strip, memoryLimit: 16 << 20)
            guard plan.steps.count < 20_000, plan.workspaceBytes < 16 << 20 else { return }
            let executor = try Executor(model: model, plan: plan, instructionSet: set ?? .best)
            pictures.append((try? executor.outputs(of: samples)) ?? [:])
        }
        // In a file with other weights than zeros where there is no input, sums depend on what lies there.
        Fuzzing.require(
            !isGraph || pictures[0] == pictures[1], "pictures that depend on the strip or the instruction set")
    }
}

// MARK: - Files from graphs

extension FuzzedModel {
    private static func file(from input: [UInt8]) -> [UInt8]? {
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(decoding: parts[0], as: UTF8.self)
        guard let graph = try? Graph(parsing: text) else { return GraphFile(text: text).bytes }
        let weights = graph.layers.reduce(0) { sum, layer in
            let window = layer.kernel.height * layer.kernel.width * graph.tensors[layer.input].channels
            return sum + graph.groupChannels(of: layer) * layer.rowGroups * window + 256
                * graph.tensors[layer.input].channels
        }
        guard weights < 1 << 20 else { return nil }
        return GraphFile(graph, text: text, pattern: parts.count > 1 ? Array(parts[1]) : []).bytes
    }
}
