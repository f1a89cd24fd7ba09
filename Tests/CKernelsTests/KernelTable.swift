import CKernels

/// One table of the binary that this processor can run.
struct KernelTable: CustomStringConvertible, Sendable {
    /// Nil for the reference for unsigned storage.
    let index: Int?

    /// What is tested against the scalar reference: the other tables that this processor can run, and what stands in for
    /// missing kernels of those with unsigned storage.
    static let fast: [KernelTable] =
        (1..<ck_table_count()).map { KernelTable(index: $0) }.filter(\.isSupported) + [KernelTable(index: nil)]
    static let reference = KernelTable(index: 0)

    var isSupported: Bool {
        index.map { ck_table_supported($0) } ?? true
    }

    var kernels: ck_kernels? {
        (index.map { ck_table($0) } ?? ck_unsigned_reference())?.pointee
    }

    /// What a stored activation is XORed with.
    var flip: UInt8 {
        kernels?.activation_flip ?? 0
    }

    var description: String {
        kernels.map { String(cString: $0.name) } ?? "no table \(index ?? -1)"
    }
}

/// How far a kernel may read past a run, from the header.
enum Slack {
    static let bytes = Int(CK_ROW_SLACK)
    static let pixels = Int(CK_TILE_PIXELS) - 1
}

/// What a kernel wrote, with the bytes around it.
struct Written: Equatable {
    var bytes: [Int8]
    /// Whether the bytes around the pixels that were asked for are as they were.
    var keptToItsPixels: Bool
}

/// Calls `kernel` with an output row of `pixelBytes * x1` bytes between two guards, and collects what it wrote to pixels
/// `x0..<x1` as signed activations.
func collect(
    x0: Int, x1: Int, pixelBytes: Int, flip: UInt8, kernel: (UnsafeMutablePointer<UInt8>?) -> Void
) -> Written {
    let guardBytes = 64
    let mark: UInt8 = 0xa5
    let row = FencedMemory([UInt8](repeating: mark, count: 2 * guardBytes + x1 * pixelBytes))
    kernel(row.elements.baseAddress.map { $0 + guardBytes })
    let first = guardBytes + x0 * pixelBytes
    let end = guardBytes + x1 * pixelBytes
    let around = Array(row.elements[..<first]) + Array(row.elements[end...])
    return Written(
        bytes: row.elements[first..<end].map { Int8(bitPattern: $0 ^ flip) },
        keptToItsPixels: around.allSatisfy { $0 == mark }
    )
}
