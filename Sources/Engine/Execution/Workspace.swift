import CKernels
import Glibc

/// The memory of one executor: a single mapping that holds the rings of all tensors, between two pages that may not be
/// touched. The last ring ends where the page behind begins, so a kernel that reads or writes past what was planned for
/// is stopped at once.
///
/// `@unchecked Sendable`: threads write disjoint pieces of rows; nothing else touches the memory.
final class Workspace: @unchecked Sendable {
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int
    private let base: UnsafeMutableRawPointer

    /// - Throws: ``EngineError`` when the system has no memory to give.
    init(plan: Plan, zeroPoints: [[Int8]], flip: UInt8) throws(EngineError) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let byteCount = roundUp(max(plan.workspaceBytes, 1), to: 64)
        let usableBytes = roundUp(byteCount, to: page)
        let bytes = usableBytes + 2 * page
        let mapped = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else {
            throw EngineError("the system cannot give \(byteCount) bytes of memory for the workspace")
        }
        mapping = mapped
        mappedBytes = bytes
        base = mapped + page + usableBytes - byteCount
        guard mprotect(mapped + page, usableBytes, PROT_READ | PROT_WRITE) == 0 else {
            throw EngineError("the system cannot give \(byteCount) bytes of memory for the workspace")
        }
        // With several phases the rings share memory, and each gets its borders when its phase begins.
        guard plan.phaseCount == 1 else { return }
        for (ring, points) in zip(plan.rings, zeroPoints) { fillBorders(ring, points, flip: flip) }
    }

    deinit { munmap(mapping, mappedBytes) }

    /// The bytes at `offset`; the plan laid the workspace out, so offsets come from nowhere else.
    func pointer(at offset: Int) -> UnsafeMutablePointer<UInt8> {
        (base + offset).assumingMemoryBound(to: UInt8.self)
    }

    /// Fills what is seen beside and above the rows of a ring with its zero points, or what its border says. Kernels write
    /// only the pixels between; mirrored borders are filled row by row as they are made.
    func fillBorders(_ ring: Plan.Ring, _ zeroPoints: [Int8], flip: UInt8) {
        guard ring.border != .reflect else { return }
        let points = ring.border == .lowest ? [Int8](repeating: -128, count: zeroPoints.count) : zeroPoints
        for row in 0..<ring.capacity { fillColumns(ring, row: ring.origin + row * ring.rowStride, points, flip) }
        if let row = ring.paddingRow {
            fill(from: row - ring.columnsBefore * points.count, pixels: ring.paddedWidth, points, flip)
        }
    }

    private func fillColumns(_ ring: Plan.Ring, row: Int, _ points: [Int8], _ flip: UInt8) {
        let channels = points.count
        fill(from: row - ring.columnsBefore * channels, pixels: ring.columnsBefore, points, flip)
        fill(from: row + ring.size.width * channels, pixels: ring.columnsAfter, points, flip)
    }

    private func fill(from start: Int, pixels: Int, _ points: [Int8], _ flip: UInt8) {
        var at = pointer(at: start)
        for _ in 0..<pixels {
            for point in points {
                at.pointee = UInt8(bitPattern: point) ^ flip
                at += 1
            }
        }
    }
}

extension Plan.Ring {
    fileprivate var paddedWidth: Int { columnsBefore + size.width + columnsAfter }
}
