/// One directory of a TIFF block in the making.
struct TIFFDirectory {
    struct Field {
        let tag: Int
        let type: Int
        let count: Int
        let value: [UInt8]

        /// A text with its closing zero. Fields of EXIF are short: at most 200 bytes are kept.
        static func text(_ tag: Int, _ text: String) -> Field {
            let value = text.utf8.filter { $0 != 0 }.prefix(200) + [0]
            return Field(tag: tag, type: 2, count: value.count, value: Array(value))
        }

        static func short(_ tag: Int, _ number: Int) -> Field {
            Field(tag: tag, type: 3, count: 1, value: TIFFDirectory.littleEndian(number, bytes: 2))
        }

        static func long(_ tag: Int, _ number: Int) -> Field {
            Field(tag: tag, type: 4, count: 1, value: TIFFDirectory.littleEndian(number, bytes: 4))
        }

        static func undefined(_ tag: Int, _ bytes: [UInt8]) -> Field {
            Field(tag: tag, type: 7, count: bytes.count, value: bytes)
        }

        var isEmptyText: Bool { type == 2 && value.count <= 1 }
        /// Bytes that the value takes outside of the table, even as TIFF wants them.
        var outsideCount: Int { value.count <= 4 ? 0 : (value.count + 1) & ~1 }
    }

    private let fields: [Field]

    /// A directory of the fields in ascending order of their tags; empty texts are left out.
    init(_ fields: [Field]) {
        self.fields = fields.filter { !$0.isEmptyText }
    }

    /// Bytes that the directory takes with its values.
    var count: Int { fields.reduce(tableCount) { $0 + $1.outsideCount } }

    private var tableCount: Int { 2 + 12 * fields.count + 4 }

    /// The same directory with another value of the same size.
    func replacing(_ field: Field) -> TIFFDirectory {
        TIFFDirectory(fields.map { $0.tag == field.tag ? field : $0 })
    }

    /// The directory as it stands at `offset` of the block.
    func bytes(at offset: Int) -> [UInt8] {
        var table = Self.littleEndian(fields.count, bytes: 2)
        var values: [UInt8] = []
        for field in fields {
            table += Self.littleEndian(field.tag, bytes: 2) + Self.littleEndian(field.type, bytes: 2)
            table += Self.littleEndian(field.count, bytes: 4)
            if field.outsideCount == 0 {
                table += field.value + [UInt8](repeating: 0, count: 4 - field.value.count)
            } else {
                table += Self.littleEndian(offset + tableCount + values.count, bytes: 4)
                values += field.value + [UInt8](repeating: 0, count: field.outsideCount - field.value.count)
            }
        }
        return table + [0, 0, 0, 0] + values
    }

    static func littleEndian(_ number: Int, bytes count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
