import CKernels
import TestSupport
import Testing

@Suite("Passes over rows: every table computes the reference's bytes")
struct PassKernelTests {
    /// A row of `pixels` with what kernels may read past its end.
    private func row(_ pixels: Int, _ channels: Int, _ table: KernelTable, using random: inout SplitMix) -> [Int8] {
        (0..<(pixels + Slack.pixels) * channels + Slack.bytes).map { _ in Int8(random.int(in: -128...127)) }
    }

    private func stored(_ row: [Int8], _ table: KernelTable) -> FencedMemory<UInt8> {
        FencedMemory(row.map { UInt8(bitPattern: $0) ^ table.flip })
    }

    @Test("pointwise: normalization, LeakyReLU and additions", arguments: KernelTable.fast)
    func pointwise(_ table: KernelTable) {
        var random = SplitMix(seed: 31)
        for _ in 0..<200 {
            let channels = random.int(in: 1...70)
            let x1 = random.int(in: 1...40)
            let x0 = random.int(in: 0...x1 - 1)
            let entries = (channels + 15) / 16 * 16
            let wide = random.oneIn(5) ? Float(1e9) : 2
            func floats(_ range: ClosedRange<Float>) -> [Float] { (0..<entries).map { _ in random.float(in: range) } }
            let parameters = [floats(-wide...wide), floats(-200...200), floats(-128...127), floats(-2...2)]
            let hasResidual = random.oneIn(2)
            let isFirst = hasResidual && random.oneIn(2)
            let slope: Float = random.oneIn(3) ? 1 : random.float(in: 0...1)
            let input = row(x1, channels, table, using: &random)
            let residual = row(x1, channels, table, using: &random)
            func run(_ table: KernelTable) -> Written? {
                guard let kernel = table.kernels?.pointwise else { return nil }
                let memory = parameters.map { FencedMemory($0) }
                let from = stored(input, table)
                let added = stored(residual, table)
                var pass = ck_pointwise(
                    scale: memory[0].pointer, offset: memory[1].pointer, post: memory[2].pointer,
                    residual_scale: memory[3].pointer, slope: slope, residual_first: isFirst, channels: Int32(channels))
                return withExtendedLifetime((memory, from, added)) {
                    collect(x0: x0, x1: x1, pixelBytes: channels, flip: table.flip) { output in
                        kernel(&pass, from.pointer, hasResidual ? added.pointer : nil, output, Int32(x0), Int32(x1))
                    }
                }
            }
            let written = run(table)
            #expect(written?.keptToItsPixels == true)
            #expect(written == run(.reference), "\(table): \(channels) channels, pixels \(x0)..<\(x1)")
        }
    }

    @Test("enlargement between rows and columns", arguments: KernelTable.fast)
    func resize(_ table: KernelTable) {
        var random = SplitMix(seed: 32)
        for _ in 0..<100 {
            let channels = random.int(in: 1...70)
            let width = random.int(in: 1...20)
            let x1 = 2 * width
            let x0 = random.int(in: 0...x1 - 1)
            let left = (0..<x1).map { Int32($0 / 2) }
            let right = (0..<x1).map { Int32(min($0 / 2 + 1, width - 1)) }
            let weight = (0..<x1).map { _ in UInt8(random.int(in: 0...128)) }
            let down = Int32(random.int(in: 0...128))
            let rows = (0..<2).map { _ in row(width, channels, table, using: &random) }
            func run(_ table: KernelTable) -> Written? {
                guard let kernel = table.kernels?.resize else { return nil }
                let memory = rows.map { stored($0, table) }
                let places = (FencedMemory(left), FencedMemory(right), FencedMemory(weight))
                var resize = ck_resize(
                    left: places.0.pointer, right: places.1.pointer, weight: places.2.pointer, channels: Int32(channels)
                )
                let pointers = memory.map(\.pointer)
                return withExtendedLifetime((memory, places)) {
                    collect(x0: x0, x1: x1, pixelBytes: channels, flip: table.flip) { output in
                        kernel(&resize, pointers, down, output, Int32(x0), Int32(x1))
                    }
                }
            }
            let written = run(table)
            #expect(written?.keptToItsPixels == true)
            #expect(written == run(.reference), "\(table): \(channels) channels, pixels \(x0)..<\(x1)")
        }
    }

    @Test("sums of convolutions as numbers, close to what 8 bits hold of them", arguments: KernelTable.fast)
    func sums(_ table: KernelTable) throws {
        var random = SplitMix(seed: 35)
        for _ in 0..<60 {
            let shape = ConvolutionCase.Shape(
                segments: random.int(in: 1...3), segmentBytes: 4 * random.int(in: 1...9),
                pixelStep: random.int(in: 1...12),
                channels: random.int(in: 1...40), x0: 0, x1: random.int(in: 1...9), hasResidual: false)
            let test = ConvolutionCase(shape, magnitude: .any, style: .ordinary, using: &random)
            let numbers = try #require(test.sums(table))
            #expect(numbers == test.sums(.reference), "\(table): \(test)")
            let bytes = try #require(test.run(.reference)).bytes
            #expect(zip(numbers, bytes).allSatisfy { abs(min(max($0, -128), 127) - Float($1)) <= 0.5 })
            let depthwise = DepthwiseCase.Shape(
                height: random.int(in: 1...5), width: random.int(in: 1...5), stride: random.int(in: 1...2),
                channels: random.int(in: 1...40), x0: 0, x1: random.int(in: 1...9), hasResidual: false)
            let other = DepthwiseCase(depthwise, magnitude: .any, style: .ordinary, using: &random)
            #expect(other.sums(table) == other.sums(.reference), "\(table): \(other)")
        }
    }

    @Test("the largest value in a window", arguments: KernelTable.fast)
    func maxPool(_ table: KernelTable) {
        var random = SplitMix(seed: 34)
        for _ in 0..<150 {
            let channels = random.int(in: 1...70)
            let height = random.int(in: 1...4)
            let width = random.int(in: 1...4)
            let stride = random.int(in: 1...3)
            let x1 = random.int(in: 1...20)
            let x0 = random.int(in: 0...x1 - 1)
            let pixels = (x1 - 1) * stride + width
            let rows = (0..<height).map { _ in row(pixels, channels, table, using: &random) }
            func run(_ table: KernelTable) -> Written? {
                guard let kernel = table.kernels?.max_pool else { return nil }
                let memory = rows.map { stored($0, table) }
                let pointers = memory.map(\.pointer)
                var pool = ck_pool(
                    kernel_height: Int32(height), kernel_width: Int32(width), stride: Int32(stride),
                    channels: Int32(channels))
                return withExtendedLifetime(memory) {
                    collect(x0: x0, x1: x1, pixelBytes: channels, flip: table.flip) { output in
                        kernel(&pool, pointers, output, Int32(x0), Int32(x1))
                    }
                }
            }
            let written = run(table)
            #expect(written?.keptToItsPixels == true)
            #expect(written == run(.reference), "\(table): \(channels) channels, \(height)x\(width), \(x0)..<\(x1)")
        }
    }

    @Test("sums and sums of squares", arguments: KernelTable.fast)
    func moments(_ table: KernelTable) throws {
        var random = SplitMix(seed: 33)
        for channels in [1, 3, 8, 16, 17, 64, 100] {
            for (x0, x1) in [(0, 1), (3, 40), (0, 65_536 / channels)] {
                let values = row(x1, channels, table, using: &random)
                func run(_ table: KernelTable) throws -> [Int32] {
                    let kernel = try #require(table.kernels?.moments)
                    let entries = (channels + 15) / 16 * 16
                    let from = stored(values, table)
                    let sums = FencedMemory([Int32](repeating: 7, count: entries))
                    let squares = FencedMemory([Int32](repeating: 7, count: entries))
                    kernel(
                        from.pointer, Int32(channels), Int32(x0), Int32(x1), sums.elements.baseAddress,
                        squares.elements.baseAddress)
                    return Array(sums.elements.prefix(channels)) + Array(squares.elements.prefix(channels))
                }
                #expect(try run(table) == run(.reference))
            }
        }
    }
}
