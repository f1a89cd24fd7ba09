import Engine
import Glibc
import ModelTools

@testable import Imaging

/// Small valid files for a fuzzer to begin with.
enum Seeds {
    static func write(to folder: String) throws {
        mkdir(folder, 0o755)
        for part in ["onnx", "model", "photo", "exif", "form", "range", "settings"] {
            mkdir("\(folder)/\(part)", 0o755)
        }
        try savePhotos(folder)
        saveTexts(folder)
        save(try OnnxBuilding.student().bytes, "\(folder)/onnx/student")
        for last in [false, true] { save(try generator(channelsLast: last).bytes, "\(folder)/onnx/generator-\(last)") }
        save(ModelDraft(graph: Networks.uNet(widths: (3, 4)), seed: 5).fileBytes(), "\(folder)/model/u-net")
        let pictures = [testPicture(width: 16, height: 16, seed: 1)]
        let graph = GraphBuilding.generator(.alignCorners)
        let lowered = try Lowering.lower(graph, sideMultiple: graph.sideMultiple())
        let quantized = try Quantizer.quantize(lowered, pictures: pictures, options: QuantizationOptions()) { _, _, _ in
        }
        let description = ModelDescription(name: "passes", style: "test", title: "", licence: "none")
        let file = ModelFileWriter.write(quantized.network, description)
        save(file, "\(folder)/model/passes")
        let graphs = [
            Networks.wideWindow, Networks.passes, Networks.enlargement, Networks.pooling, Networks.excitation,
        ]
        for (index, graph) in graphs.enumerated() {
            let data = (0..<97).map { UInt8(truncatingIfNeeded: 40 + $0 * 7 % 90) }
            save(Array(GraphFile.text(of: graph).utf8) + [0] + data, "\(folder)/model/graph-\(index)")
        }
    }

    private static func savePhotos(_ folder: String) throws {
        let turned = ExifFixture(orientation: 6, taken: "2025:06:01 18:30:05", offset: "+02:00", latitude: "N").block
        let big = ExifFixture(isBigEndian: true, orientation: 3, taken: "2025:06:01 18:30:05").block
        for kind in Kind.allCases {
            save(try kind.file(gradient(33, 18), exif: kind == .baseline ? nil : turned), "\(folder)/photo/\(kind)")
        }
        let noted = PhotoNotes(number: 7, style: "chalk", isTimeTrusted: false).added(
            toJPEG: try Kind.baseline.file(noise(16, 9), exif: big))
        save(noted, "\(folder)/photo/noted")
        save(turned, "\(folder)/exif/turned")
        save(big, "\(folder)/exif/big-endian")
        save(
            Array(noted.dropFirst(JPEGSegments(noted).exif.map { $0.content.lowerBound + 6 } ?? 0)),
            "\(folder)/exif/noted")
    }

    private static func saveTexts(_ folder: String) {
        let form = """
            --bound\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\nONE\r
            --bound\r\ncontent-disposition: form-data; name=style\r\n\r\ncute\r\n--bound--\r\n
            """
        save(Array(form.utf8), "\(folder)/form/two-parts")
        save(Array("multipart/form-data; boundary=\"b c\"".utf8), "\(folder)/form/type")
        for (name, text) in [("both", "bytes=0-99"), ("from", "bytes=100-"), ("last", "bytes=-500")] {
            save(Array(text.utf8), "\(folder)/range/\(name)")
        }
        let settings = """
            ---
            # Settings
            camera:
              size: 640x480  # small
              name: "a \\"b\\" c"
            web:
              page:
                title: 'it''s'
            """
        save(Array(settings.utf8), "\(folder)/settings/nested")
    }

    private static func save(_ bytes: [UInt8], _ path: String) {
        guard let file = fopen(path, "wb") else { fatalError("\(path) cannot be written") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    /// A network with normalizations as one operator and written out, a reflected border, and sizes that are computed.
    private static func generator(channelsLast: Bool) -> OnnxBuilding {
        var net = OnnxBuilding()
        net.constant("two", [], [2])
        net.constant("axes", [], [0])
        net.constant("pads", [8], [0, 0, 1, 1, 0, 0, 1, 1])
        net.constant("scales", [4], [1, 1, 2, 2])
        net.constant("ones", [8], [Float](repeating: 1, count: 8))
        net.constant("zeros", [8], [Float](repeating: 0, count: 8))
        net.constant("epsilon", [], [1e-5])
        var photo = "photo"
        if channelsLast {
            let moved = net.node("Transpose", ["photo"], "nhwc", [.integers("perm", [0, 2, 3, 1])])
            photo = net.node("Transpose", [moved], "nchw", [.integers("perm", [0, 3, 1, 2])])
        }
        net.node("Pad", [photo, "pads"], "padded", [.text("mode", "reflect")])
        net.convolution("padded", "stem", depth: 3, outputs: 8, kernel: 3, stride: 2)
        net.node("InstanceNormalization", ["stem", "ones", "zeros"], "normal")
        net.node("LeakyRelu", ["normal"], "leaky")
        net.node("ReduceMean", ["leaky"], "mean", [.integers("axes", [2, 3])])
        net.node("Sub", ["leaky", "mean"], "centred")
        net.node("Mul", ["centred", "centred"], "squared")
        net.node("ReduceMean", ["squared"], "variance", [.integers("axes", [2, 3])])
        net.node("Add", ["variance", "epsilon"], "safe")
        net.node("Sqrt", ["safe"], "deviation")
        net.node("Div", ["centred", "deviation"], "divided")
        net.node("Mul", ["divided", "ones.channel"], "scaled")
        net.constant("ones.channel", [8, 1, 1], [Float](repeating: 1, count: 8))
        if channelsLast {
            var shape = Onnx_TensorProto()
            shape.name = "index"
            shape.dataType = 7
            shape.dims = [2]
            shape.int64Data = [2, 3]
            net.model.graph.initializer.append(shape)
            var twos = shape
            twos.name = "twos"
            twos.int64Data = [2, 2]
            net.model.graph.initializer.append(twos)
            var first = shape
            first.name = "first"
            first.int64Data = [1, 8]
            net.model.graph.initializer.append(first)
            net.node("Shape", ["scaled"], "shape")
            net.node("Gather", ["shape", "index"], "sides")
            net.node("Mul", ["sides", "twos"], "doubled")
            net.node("Concat", ["first", "doubled"], "wanted", [.integer("axis", 0)])
            net.node("Resize", ["scaled", "", "", "wanted"], "large", [.text("mode", "linear")])
        } else {
            net.node("Resize", ["scaled", "", "scales"], "large", [.text("mode", "linear")])
        }
        net.convolution("large", "head", depth: 8, outputs: 3, kernel: 3, padding: 1)
        net.node("Tanh", ["head"], "anime")
        return net
    }
}
