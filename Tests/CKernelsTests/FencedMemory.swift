import Glibc

/// Memory whose last byte is followed by a page that can not be touched: a read past the end stops the test run.
final class FencedMemory<Element> {
    let elements: UnsafeMutableBufferPointer<Element>
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int

    init(_ contents: [Element]) {
        let bytes = contents.count * MemoryLayout<Element>.stride
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let usable = max(1, (bytes + page - 1) / page) * page
        mappedBytes = usable + page
        let flags = Int32(MAP_PRIVATE) | Int32(MAP_ANONYMOUS)
        guard let start = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED,
            mprotect(start + usable, page, PROT_NONE) == 0
        else {
            preconditionFailure("the test could not map \(mappedBytes) bytes")
        }
        mapping = start
        let first = (start + usable - bytes).bindMemory(to: Element.self, capacity: contents.count)
        elements = UnsafeMutableBufferPointer(start: first, count: contents.count)
        _ = elements.initialize(fromContentsOf: contents)
    }

    deinit {
        munmap(mapping, mappedBytes)
    }

    var pointer: UnsafePointer<Element>? {
        UnsafePointer(elements.baseAddress)
    }
}
