import CZlib
import Glibc
import NIOCore

/// Writes a ZIP archive piece by piece (APPNOTE 6.3.10): files as they are, for JPEG files do not get smaller.
///
/// Sums come after the files, so that nothing has to be read twice; archives above 4 GB get the longer records.
package struct ZipArchive {
    private struct Entry {
        let name: String
        let time: (date: UInt16, time: UInt16)
        let start: UInt64
        var crc: UInt32 = 0
        var count: UInt64 = 0
    }

    /// Sizes and sum follow the data; the name is UTF-8.
    private static let flags: UInt16 = 0x0808
    private static let version: UInt16 = 20
    private static let longVersion: UInt16 = 45

    private var entries: [Entry] = []
    private var position: UInt64 = 0

    package init() {}

    /// The head of a file; its bytes are handed over by ``add(_:)``.
    package mutating func begin(_ name: String, modified seconds: Int) -> ByteBuffer {
        let entry = Entry(name: name, time: Self.time(seconds), start: position)
        entries.append(entry)
        var buffer = ByteBuffer()
        buffer.write(0x0403_4B50 as UInt32)
        buffer.write(Self.version, Self.flags, 0, entry.time.time, entry.time.date)
        buffer.write(0 as UInt32, 0, 0)
        buffer.write(UInt16(name.utf8.count), 0)
        buffer.writeString(name)
        position += UInt64(buffer.readableBytes)
        return buffer
    }

    /// Counts bytes of the file.
    package mutating func add(_ bytes: ByteBuffer) {
        guard var entry = entries.popLast() else { return }
        entry.crc = bytes.withUnsafeReadableBytes { part in
            czlib_crc32(entry.crc, part.bindMemory(to: UInt8.self).baseAddress, part.count)
        }
        entry.count += UInt64(bytes.readableBytes)
        position += UInt64(bytes.readableBytes)
        entries.append(entry)
    }

    /// What follows the file's bytes.
    package mutating func end() -> ByteBuffer {
        var buffer = ByteBuffer()
        guard let entry = entries.last else { return buffer }
        // A photo never comes near 4 GB.
        buffer.write(0x0807_4B50 as UInt32, entry.crc, UInt32(entry.count), UInt32(entry.count))
        position += UInt64(buffer.readableBytes)
        return buffer
    }

    /// The list of all files, which ends the archive.
    package func directory() -> ByteBuffer {
        var buffer = ByteBuffer()
        for entry in entries { Self.write(entry, to: &buffer) }
        let size = UInt64(buffer.readableBytes)
        let needsLong = entries.count >= 0xFFFF || position + size >= 0xFFFF_FFFF
        if needsLong {
            buffer.write(0x0606_4B50 as UInt32)
            buffer.write(44 as UInt64)
            buffer.write(Self.longVersion, Self.longVersion)
            buffer.write(0 as UInt32, 0)
            buffer.write(UInt64(entries.count), UInt64(entries.count), size, position)
            buffer.write(0x0706_4B50 as UInt32, 0)
            buffer.write(position + size)
            buffer.write(1 as UInt32)
        }
        let count = UInt16(min(entries.count, 0xFFFF))
        buffer.write(0x0605_4B50 as UInt32)
        buffer.write(0 as UInt16, 0, count, count)
        buffer.write(UInt32(min(size, 0xFFFF_FFFF)), UInt32(needsLong ? 0xFFFF_FFFF : position))
        buffer.write(0 as UInt16)
        return buffer
    }

    private static func write(_ entry: Entry, to buffer: inout ByteBuffer) {
        let isFar = entry.start >= 0xFFFF_FFFF
        buffer.write(0x0201_4B50 as UInt32)
        buffer.write(longVersion, isFar ? longVersion : version, flags, 0, entry.time.time, entry.time.date)
        buffer.write(entry.crc, UInt32(entry.count), UInt32(entry.count))
        buffer.write(UInt16(entry.name.utf8.count), isFar ? 12 : 0, 0, 0, 0)
        buffer.write(0 as UInt32, isFar ? 0xFFFF_FFFF : UInt32(entry.start))
        buffer.writeString(entry.name)
        if isFar {
            buffer.write(1 as UInt16, 8)
            buffer.write(entry.start)
        }
    }

    /// Date and time of day as MS-DOS had them, in UTC; 1980 for all before.
    private static func time(_ seconds: Int) -> (date: UInt16, time: UInt16) {
        var (clock, parts) = (time_t(seconds), tm())
        guard gmtime_r(&clock, &parts) != nil, 80...207 ~= parts.tm_year else { return (0x21, 0) }
        let date = (parts.tm_year - 80) << 9 | (parts.tm_mon + 1) << 5 | parts.tm_mday
        let time = parts.tm_hour << 11 | parts.tm_min << 5 | parts.tm_sec / 2
        return (UInt16(date), UInt16(time))
    }
}

extension ByteBuffer {
    /// Appends numbers, the lowest byte first.
    fileprivate mutating func write<Number: FixedWidthInteger>(_ numbers: Number...) {
        for number in numbers { writeInteger(number, endianness: .little) }
    }
}
