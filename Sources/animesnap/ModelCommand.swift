import Appliance
import ArgumentParser
import Engine
import Painting

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Lists, examines and makes model files.",
        subcommands: [
            ListModels.self, InspectModel.self, ImportModel.self, ExportModel.self, CompareModel.self,
            RunFloatNetwork.self, RunNumbers.self,
        ]
    )
}

struct ListModels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the models that are found by name.")

    func run() throws {
        let library = ModelLibrary.standard
        let models = library.models()
        guard !models.isEmpty else {
            throw PaintingError("no model files were found in \(library.folders.joined(separator: ", "))")
        }
        var unusable = 0
        for (name, path) in models {
            do {
                let model = try ModelFile(path: path)
                print("\(name)  \(model.graph.title)")
                print("    \(model.byteCount.megabytes.fixed(2)) MB, \(model.graph.licence)")
                print("    \(path)")
            } catch {
                complain("\(error)")
                unusable += 1
            }
        }
        if unusable > 0 { throw ExitCode(1) }
    }
}

struct InspectModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Prints the layers, costs and memory plan of a model file.")

    @Argument(help: ArgumentHelp("A model's name or a .safetensors file.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Side of the square picture that sizes are told for.", valueName: "n"))
    var size = 512

    func run() throws {
        let model = try ModelFile(path: ModelLibrary.standard.path(of: file))
        let graph = model.graph
        let picture = Graph.Extent(height: size, width: size)
        let costs = try graph.multiplyAccumulates(for: picture)
        let plan = try Plan(graph: graph, picture: picture)
        print("\(graph.name): \(graph.title)")
        print("licence: \(graph.licence)")
        print(
            "\(model.byteCount) bytes, checksum \(model.checksum), \(model.parameterCount) parameters, sides in multiples of "
                + "\(graph.sideMultiple)")
        print(
            "at \(size)x\(size): \((Double(costs.reduce(0, +)) / 1e9).fixed(3)) GMAC, workspace "
                + "\(plan.workspaceBytes) bytes in strips of \(plan.stripRows) rows"
                + (plan.phaseCount > 1 ? ", \(plan.phaseCount) phases" : ""))
        let outputs = graph.outputs.map { port in
            let size = plan.rings[port.tensor].size
            return "\(port.name) \(size.width)x\(size.height)x\(graph.tensors[port.tensor].channels)"
        }
        print("makes \(outputs.joined(separator: ", "))\n")
        var rows = [["layer", "kind", "window", "output", "MMAC", "adds", "rows kept"]]
        for (layer, cost) in zip(graph.layers, costs) {
            let ring = plan.rings[layer.output]
            rows.append([
                layer.name, layer.summary,
                "\(layer.kernel.height)x\(layer.kernel.width)/\(layer.stride.height)",
                "\(ring.size.width)x\(ring.size.height)x\(graph.tensors[layer.output].channels)",
                (Double(cost) / 1e6).fixed(1), layer.residual.map { graph.tensors[$0].name } ?? "",
                "\(ring.capacity) of \(ring.size.height)",
            ])
        }
        print(table(rows))
    }
}

extension Graph.Layer {
    /// Its kind, and what is special about it.
    fileprivate var summary: String {
        var parts = [kind.rawValue]
        switch normalization {
        case nil: break
        case .layer: parts.append("layer normalization")
        case .instance: parts.append("instance normalization")
        case .adaptive: parts.append("adaptive normalization")
        }
        if rowGroups > 1 { parts.append("pixels x\(rowGroups)") }
        if factor > 1 { parts.append("pixels x\(factor)") }
        return parts.joined(separator: ", ")
    }
}

/// Rows in columns as wide as their widest cell.
func table(_ rows: [[String]]) -> String {
    let columns = rows.first?.count ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
        zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
    }.joined(separator: "\n")
}
