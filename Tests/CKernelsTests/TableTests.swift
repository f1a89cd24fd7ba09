import CKernels
import Testing

@Suite("Tables of kernels")
struct TableTests {
    @Test("the scalar reference is the first table and always runs")
    func referenceIsFirst() {
        #expect(KernelTable.reference.description == "reference")
        #expect(KernelTable.reference.isSupported)
        #expect(KernelTable.reference.flip == 0)
    }

    @Test("past the last table there is nothing")
    func pastTheEnd() {
        #expect(ck_table(ck_table_count()) == nil)
        #expect(!ck_table_supported(ck_table_count()))
    }

    @Test("the tables are those of the architecture, best last")
    func names() {
        let names = (0..<ck_table_count()).map { KernelTable(index: $0).description }
        #if arch(x86_64)
            #expect(names == ["reference", "avx2", "avxvnni", "avx512vnni"])
        #elseif arch(arm64)
            #expect(names == ["reference", "neon", "neondot"])
        #else
            #expect(names == ["reference"])
        #endif
    }

    /// The kernels that have tests against the reference, or against numbers worked out by hand.
    static let tested = [
        "convolve", "depthwise", "convolve_sums", "depthwise_sums", "transfer", "pointwise", "resize", "max_pool",
        "moments",
    ]
    /// Those that the reference is fast enough for.
    static let scalar: Set = ["convolve_sums", "depthwise_sums"]

    @Test("every kernel of the list is tested")
    func allAreTested() {
        let names = (0..<ck_kernel_count()).compactMap { ck_kernel_name($0).map { String(cString: $0) } }
        #expect(names == Self.tested)
        #expect(ck_kernel_name(ck_kernel_count()) == nil)
    }

    @Test("a table that lacks a kernel has the reference's, and those that were fast stay so")
    func owned() {
        for table in 1..<ck_table_count() {
            for kernel in 0..<ck_kernel_count() where !Self.scalar.contains(Self.tested[kernel]) {
                #expect(ck_table_owns(table, kernel), "\(KernelTable(index: table)): \(Self.tested[kernel])")
            }
        }
        #expect(!ck_table_owns(ck_table_count(), 0) && !ck_table_owns(0, ck_kernel_count()))
    }

    @Test("a picture row goes to stored activations and back", arguments: [KernelTable.reference] + KernelTable.fast)
    func transfer(_ table: KernelTable) throws {
        let transfer = try #require(table.kernels?.transfer)
        for count in Array(0...70) + [192, 255, 1536] {
            let samples = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 3) }
            let source = FencedMemory(samples)
            let stored = FencedMemory([UInt8](repeating: 0xa5, count: count + 16))
            transfer(source.pointer, stored.elements.baseAddress, count)
            #expect(stored.elements.prefix(count).elementsEqual(samples.map { $0 ^ table.flip ^ 0x80 }))
            #expect(stored.elements.suffix(16).allSatisfy { $0 == 0xa5 })
            let back = FencedMemory([UInt8](repeating: 0, count: count))
            transfer(stored.pointer, back.elements.baseAddress, count)
            #expect(back.elements.elementsEqual(samples))
        }
    }
}
