/// The parts of a safetensors file: metadata and where each tensor lies.
///
/// The format is eight bytes of little-endian header length, a JSON header and the tensors' bytes without holes
/// (https://github.com/huggingface/safetensors). This reader is stricter than the format: it wants data at multiples
/// of 64 bytes, as the kernels do.
struct SafeTensors {
    enum ElementType: String {
        case int8 = "I8"
        case int32 = "I32"
        case float32 = "F32"

        var byteCount: Int { self == .int8 ? 1 : 4 }
    }

    struct Entry {
        let type: ElementType
        let shape: [Int]
        let bytes: Range<Int>

        var count: Int { bytes.count / type.byteCount }
    }

    static let alignment = 64
    static let maximumHeaderBytes = 4 << 20

    let metadata: [String: String]
    let entries: [String: Entry]
    let header: Range<Int>

    struct Failure: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// Reads the header of a whole file.
    ///
    /// - Throws: ``Failure`` with the reason when the file is not of this form, or a tensor lies outside it.
    init(file: UnsafeRawBufferPointer) throws(Failure) {
        guard file.count >= 8 else { throw Failure("it ends inside its first eight bytes") }
        let headerCount = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard headerCount >= 2, headerCount <= Self.maximumHeaderBytes else {
            throw Failure("it does not begin with the length of a safetensors header")
        }
        header = 8..<8 + Int(headerCount)
        guard header.upperBound <= file.count else { throw Failure("it ends inside its header") }
        let root: JSON
        do {
            root = try JSON(parsing: Array(file[header]))
        } catch {
            throw Failure("its header is not valid JSON at byte \(8 + error.offset): \(error.reason)")
        }
        guard let members = root.object else { throw Failure("its header is not a JSON object") }

        var metadata: [String: String] = [:]
        var entries: [String: Entry] = [:]
        for (name, value) in members {
            if name == "__metadata__" {
                guard let texts = value.object else { throw Failure("its metadata is not a JSON object") }
                for (key, text) in texts {
                    guard let text = text.string else { throw Failure("its metadata entry '\(key)' is not a string") }
                    metadata[key] = text
                }
            } else {
                entries[name] = try Self.entry(name, value, dataStart: header.upperBound, fileCount: file.count)
            }
        }
        guard header.upperBound % Self.alignment == 0 else {
            throw Failure("its data does not begin at a multiple of \(Self.alignment) bytes")
        }
        var end = header.upperBound
        for (name, entry) in entries.sorted(by: { $0.value.bytes.lowerBound < $1.value.bytes.lowerBound }) {
            guard entry.bytes.lowerBound == end else { throw Failure("there is a hole or an overlap before '\(name)'") }
            guard end % Self.alignment == 0 else {
                throw Failure("'\(name)' is not aligned to \(Self.alignment) bytes")
            }
            end = entry.bytes.upperBound
        }
        guard end == file.count else {
            throw Failure("its tensors end at byte \(end), but the file has \(file.count) bytes")
        }
        self.metadata = metadata
        self.entries = entries
    }

    private static func entry(
        _ name: String, _ value: JSON, dataStart: Int, fileCount: Int
    ) throws(Failure) -> Entry {
        guard let typeName = value["dtype"]?.string, let shapeItems = value["shape"]?.array,
            let offsets = value["data_offsets"]?.array, offsets.count == 2,
            let start = offsets[0].integer, let end = offsets[1].integer
        else { throw Failure("its tensor '\(name)' is not fully described") }
        guard let type = ElementType(rawValue: typeName) else {
            throw Failure("its tensor '\(name)' has the type \(typeName); I8, I32 and F32 are known")
        }
        var count = 1
        var shape: [Int] = []
        for item in shapeItems {
            guard let side = item.integer, side >= 0, side <= fileCount else {
                throw Failure("its tensor '\(name)' has an impossible shape")
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: side)
            guard !overflow, product <= fileCount else { throw Failure("its tensor '\(name)' has an impossible shape") }
            count = product
            shape.append(side)
        }
        guard start >= 0, start <= end, end <= fileCount - dataStart else {
            throw Failure("its tensor '\(name)' lies outside the file")
        }
        guard end - start == count * type.byteCount else {
            throw Failure("its tensor '\(name)' does not have as many bytes as its shape")
        }
        return Entry(type: type, shape: shape, bytes: dataStart + start..<dataStart + end)
    }
}
