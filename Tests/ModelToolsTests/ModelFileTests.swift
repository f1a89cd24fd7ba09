import Engine
import ModelTools
import Testing

@Suite struct ModelFileTests {
    private func model(_ title: String = "A \"quoted\" title") throws -> QuantizedModel {
        let network = try FloatNetwork(bytes: OnnxBuilding.student().bytes, label: "net.onnx")
        let description = ModelDescription(name: "tiny", style: "test", title: title, licence: "none")
        return try network.quantized(on: [testPicture(width: 32, height: 32, seed: 1)], as: description)
    }

    private func header(_ file: [UInt8]) -> (length: Int, text: String) {
        let length = (0..<8).reduce(0) { $0 | Int(file[$1]) << (8 * $1) }
        return (length, String(decoding: file[8..<8 + length], as: UTF8.self))
    }

    @Test("data starts at a multiple of 64, tensors follow without holes, each a multiple of 64 bytes")
    func layout() throws {
        let file = try model().file
        let (length, text) = header(file)
        #expect((8 + length) % 64 == 0)
        var end = 0
        for part in text.split(separator: "\"data_offsets\":[").dropFirst() {
            let numbers = part.prefix { $0 != "]" }.split(separator: ",").compactMap { Int($0) }
            try #require(numbers.count == 2)
            #expect(numbers[0] == end && numbers[1] % 64 == 0 && numbers[1] > numbers[0])
            end = numbers[1]
        }
        #expect(8 + length + end == file.count)
    }

    @Test("the checksum is the CRC-32 of the file with zeros in its place")
    func checksum() throws {
        var file = try model("\"checksum\":\"12345678\"").file
        let key = Array("\"checksum\":\"".utf8)
        let start = try #require((8..<file.count).first { file[$0...].starts(with: key) }) + key.count
        let stored = String(decoding: file[start..<start + 8], as: UTF8.self)
        file.replaceSubrange(start..<start + 8, with: Array("00000000".utf8))
        var checksum = Checksum()
        file.withUnsafeBytes { checksum.add($0) }
        #expect(stored == checksum.text)
    }

    @Test("the same pictures give the same bytes")
    func deterministic() throws {
        #expect(try model().file == model().file)
    }

    @Test("the graph states layers as the engine reads them")
    func graph() throws {
        let (_, text) = header(try model().file)
        #expect(text.contains(#"\"side_multiple\":4"#))
        #expect(
            text.contains(
                #"{\"name\":\"stem\",\"kind\":\"convolution\",\"input\":0,\"output\":1,\"kernel\":[6,6],"#
                    + #"\"stride\":[2,2],\"padding\":[2,2,2,2]}"#))
        #expect(text.contains(#"\"title\":\"A \\\"quoted\\\" title\""#))
        #expect(text.contains("\"stem.zero_point\"") && !text.contains("\"photo.zero_point\""))
        #expect(text.contains("\"head.residual_scale\"") && !text.contains("\"stem.residual_scale\""))
    }

    private func layer(channels: Int, inputs: Int, window: Window, rowGroups: Int) -> QuantizedLayer {
        let depth = window.taps * inputs
        let layer = Layer(
            name: "layer", kind: .convolution, input: 0, output: 1, residual: nil, window: window, rowGroups: rowGroups,
            weights: [Float](repeating: 0, count: channels * depth), bias: [Float](repeating: 0, count: channels),
            clip: nil)
        let weights = (0..<channels * depth).map { Int8($0 % 251 - 125) }
        return QuantizedLayer(
            layer: layer, weights: weights, bias: (0..<channels).map { Int32($0) }, scale: [], residualScale: [],
            padding: [])
    }

    @Test("weights are packed in blocks of 16 channels, the last 8 wide, in groups of 4 along rows of the window")
    func packing() {
        // 3x3x3: rows of 9 bytes in segments of 12; 20 channels: a block of 16 and one of 8.
        let quantized = layer(channels: 20, inputs: 3, window: Window(height: 3, width: 3), rowGroups: 1)
        let bytes = WeightPacking.pack(quantized)
        let depth = 3 * 12
        #expect(bytes.count == (depth * 24 + 63) / 64 * 64)
        for channel in 0..<20 {
            let width = channel < 16 ? 16 : 8
            let block = channel < 16 ? 0 : 16 * depth
            for position in 0..<depth {
                let at = block + position / 4 * width * 4 + channel % 16 * 4 + position % 4
                let column = position % 12
                let wanted = column < 9 ? quantized.weights[channel * 27 + position / 12 * 9 + column] : 0
                #expect(bytes[at] == UInt8(bitPattern: wanted))
            }
        }
        #expect(bytes[depth * 16 + 4 * 4] == 0)
    }

    @Test("row groups are packed one after another, their numbers padded to multiples of 16")
    func rowGroups() {
        let quantized = layer(channels: 12, inputs: 4, window: .single, rowGroups: 2)
        let bytes = WeightPacking.pack(quantized)
        // Each group: 6 channels in a block of 8, 4 bytes deep, padded from 32 to 64 bytes.
        #expect(bytes.count == 128)
        #expect(bytes[64] == UInt8(bitPattern: quantized.weights[6 * 4]))
        let bias = WeightPacking.perGroup(quantized, quantized.bias)
        let gap = [Int32](repeating: 0, count: 10)
        let expected: [[Int32]] = [[0, 1, 2, 3, 4, 5], gap, [6, 7, 8, 9, 10, 11], gap]
        #expect(bias == expected.flatMap { $0 })
    }

    @Test("depthwise weights are one row of channels per tap, padded to a multiple of 16")
    func depthwise() {
        var quantized = layer(channels: 5, inputs: 1, window: Window(height: 1, width: 2), rowGroups: 1)
        quantized.layer.kind = .depthwise
        let bytes = WeightPacking.pack(quantized).map { Int8(bitPattern: $0) }
        #expect(bytes.count == 32)
        #expect(Array(bytes[16..<21]) == Array(quantized.weights[5..<10]) && bytes[5] == 0)
    }
}
