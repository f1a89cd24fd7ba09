import Imaging
import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder that is gone with its last use.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/imaging-tests-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    /// The names of all files, hidden ones included.
    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Writes a file and returns its path.
    func add(_ name: String, _ bytes: [UInt8]) -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return file
    }

    func bytes(of name: String) -> [UInt8] {
        let descriptor = open(path + "/" + name, O_RDONLY)
        defer { close(descriptor) }
        guard case .bytes(let bytes, _) = try? PictureInput.reading(descriptor: descriptor, name: name) else {
            return []
        }
        return bytes
    }
}

/// The ways in which a JPEG file can store a picture.
enum Kind: CaseIterable {
    case baseline, progressive, grey, progressiveGrey, plainRGB, cmyk, ycck

    var options: JPEGWriter.Options {
        var options = JPEGWriter.Options(quality: 96)
        switch self {
        case .baseline: break
        case .progressive: options.isProgressive = true
        case .grey: options.colour = .grey
        case .progressiveGrey:
            options.colour = .grey
            options.isProgressive = true
        case .plainRGB: options.colour = .rgb
        case .cmyk: options.colour = .cmyk
        case .ycck: options.colour = .ycck
        }
        return options
    }

    /// The samples that are stored for a pixel. CMYK files hold 255 for no ink.
    func samples(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> [UInt8] {
        switch self {
        case .baseline, .progressive, .plainRGB: [pixel.red, pixel.green, pixel.blue]
        case .grey, .progressiveGrey: [pixel.green]
        case .cmyk, .ycck: [pixel.red, pixel.green, pixel.blue, 255]
        }
    }

    var isGrey: Bool { self == .grey || self == .progressiveGrey }

    /// A JPEG file of a picture.
    func file(_ image: RGBImage, exif: [UInt8]? = nil) throws -> [UInt8] {
        var options = options
        options.exifBlock = exif
        let writer = try JPEGWriter(width: image.width, height: image.height, options: options)
        for y in 0..<image.height {
            let row = (0..<image.width).flatMap { samples(image[$0, y]) }
            try writer.writeRow(row.span)
        }
        try writer.finish()
        return writer.bytes
    }
}

/// A picture with slow changes, which survives JPEG well, and different corners: the same at every size.
func gradient(_ width: Int, _ height: Int) -> RGBImage {
    RGBImage(width: width, height: height) { x, y in
        let across = (Double(x) + 0.5) / Double(width)
        let down = (Double(y) + 0.5) / Double(height)
        return (UInt8(20 + 200 * across), UInt8(30 + 200 * down), UInt8(200 - 75 * (across + down)))
    }
}

/// A picture without any order.
func noise(_ width: Int, _ height: Int, seed: UInt64 = 1) -> RGBImage {
    var dice = SplitMix(seed: seed)
    return RGBImage(width: width, height: height) { _, _ in
        let number = dice.next()
        return (
            UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8),
            UInt8(truncatingIfNeeded: number >> 16)
        )
    }
}

/// The mean absolute difference of two pictures of one size, in steps of a sample.
func difference(_ a: RGBImage, _ b: RGBImage) -> Double {
    guard a.width == b.width, a.height == b.height else { return .infinity }
    let sum = zip(a.bytes, b.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(a.bytes.count)
}

/// A number that stands for bytes (FNV-1a).
func fingerprint(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

/// The error that reading a picture ends in; nil when it is read.
func failure(reading input: PictureInput, limits: PictureLimits = .standard) -> PictureError? {
    do throws(PictureError) {
        _ = try RGBImage.decode(input, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// A TIFF block made by hand, of either byte order.
struct ExifFixture {
    var isBigEndian = false
    var orientation: Int?
    var taken: String?
    var offset: String?
    var latitude: String?

    var block: [UInt8] {
        let hasExif = taken != nil || offset != nil
        var main: [(tag: Int, type: Int, value: [UInt8])] = []
        if let orientation { main.append((0x0112, 3, number(orientation, 2))) }
        var exif: [(tag: Int, type: Int, value: [UInt8])] = []
        if let taken { exif.append((0x9003, 2, Array(taken.utf8) + [0])) }
        if let offset { exif.append((0x9011, 2, Array(offset.utf8) + [0])) }
        let gps: [(tag: Int, type: Int, value: [UInt8])] = latitude.map { [(0x0001, 2, Array($0.utf8) + [0])] } ?? []
        let pointers = (hasExif ? 1 : 0) + (latitude == nil ? 0 : 1)
        let mainCount = 2 + 12 * (main.count + pointers) + 4
        let exifBytes = directory(exif, at: 8 + mainCount)
        if hasExif { main.append((0x8769, 4, number(8 + mainCount, 4))) }
        if latitude != nil { main.append((0x8825, 4, number(8 + mainCount + exifBytes.count, 4))) }
        let gpsBytes = directory(gps, at: 8 + mainCount + exifBytes.count)
        let header = Array((isBigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4)
        return header + directory(main, at: 8) + exifBytes + gpsBytes
    }

    private func directory(_ fields: [(tag: Int, type: Int, value: [UInt8])], at offset: Int) -> [UInt8] {
        var table = number(fields.count, 2)
        var values: [UInt8] = []
        for field in fields {
            let count = field.type == 2 ? field.value.count : 1
            table += number(field.tag, 2) + number(field.type, 2) + number(count, 4)
            if field.value.count <= 4 {
                table += field.value + [UInt8](repeating: 0, count: 4 - field.value.count)
            } else {
                table += number(offset + 2 + 12 * fields.count + 4 + values.count, 4)
                values += field.value
            }
        }
        return table + [0, 0, 0, 0] + values
    }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? bytes.reversed() : bytes
    }
}
