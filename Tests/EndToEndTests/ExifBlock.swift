/// A TIFF block as a camera writes it, little endian: orientation, time and place.
struct ExifBlock {
    var orientation = 1
    var taken: String?
    var latitude: String?

    var bytes: [UInt8] {
        var fields: [Field] = [Field(tag: 0x0112, type: 3, value: number(orientation, 2))]
        let exif = taken.map { [Field(tag: 0x9003, type: 2, value: Array($0.utf8) + [0])] } ?? []
        let place = latitude.map { [Field(tag: 0x0001, type: 2, value: Array($0.utf8) + [0])] } ?? []
        let mainCount = 2 + 12 * (1 + (exif.isEmpty ? 0 : 1) + (place.isEmpty ? 0 : 1)) + 4
        let exifStart = 8 + mainCount
        let exifBytes = exif.isEmpty ? [] : directory(exif, at: exifStart)
        if !exif.isEmpty { fields.append(Field(tag: 0x8769, type: 4, value: number(exifStart, 4))) }
        let placeStart = exifStart + exifBytes.count
        let placeBytes = place.isEmpty ? [] : directory(place, at: placeStart)
        if !place.isEmpty { fields.append(Field(tag: 0x8825, type: 4, value: number(placeStart, 4))) }
        return Array("II*\0".utf8) + number(8, 4) + directory(fields, at: 8) + exifBytes + placeBytes
    }

    private struct Field {
        let tag: Int
        let type: Int
        let value: [UInt8]
    }

    private func directory(_ fields: [Field], at offset: Int) -> [UInt8] {
        var table = number(fields.count, 2)
        var values: [UInt8] = []
        for field in fields {
            table += number(field.tag, 2) + number(field.type, 2) + number(field.type == 2 ? field.value.count : 1, 4)
            if field.value.count <= 4 {
                table += field.value + [UInt8](repeating: 0, count: 4 - field.value.count)
            } else {
                table += number(offset + 2 + 12 * fields.count + 4 + values.count, 4)
                values += field.value
            }
        }
        return table + number(0, 4) + values
    }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
