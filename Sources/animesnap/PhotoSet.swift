import Appliance
import Imaging
import ModelTools
import Painting

/// Photos for making and judging models: read small, in a fixed order.
struct PhotoSet {
    let paths: [String]

    /// The photos among `inputs`, files and folders, in order.
    ///
    /// - Throws: ``PaintingError`` when there is none.
    init(inputs: [String]) throws(PaintingError) {
        let photos = try ConversionJobs.photos(inputs, style: "")
        paths = photos.compactMap { if case .file(let path) = $0 { path } else { nil } }
        if paths.isEmpty { throw PaintingError("photos are read from files and folders, not from standard input") }
    }

    private init(paths: [String]) { self.paths = paths }

    /// `count` photos spread evenly over all, the first one included; all when there are no more.
    func spread(_ count: Int?) -> PhotoSet {
        guard let count, count < paths.count else { return self }
        return PhotoSet(paths: (0..<count).map { paths[$0 * paths.count / count] })
    }

    /// The photos that are not in `other`.
    func without(_ other: PhotoSet) -> PhotoSet {
        let left = Set(other.paths)
        return PhotoSet(paths: paths.filter { !left.contains($0) })
    }

    /// The picture of one photo, upright, its longest side at most `longestSide` pixels, both sides cropped to
    /// multiples of `multiple`; nil when nothing is left.
    static func read(_ path: String, longestSide: Int, multiple: Int) throws -> CalibrationPicture? {
        let reader = try PictureReader(.file(path: path), longestSide: longestSide)
        let (width, height) = (reader.width / multiple * multiple, reader.height / multiple * multiple)
        guard width > 0, height > 0 else { return nil }
        var rgb: [UInt8] = []
        rgb.reserveCapacity(3 * width * height)
        var row = [UInt8](repeating: 0, count: 3 * reader.width)
        for _ in 0..<height {
            var span = row.mutableSpan
            try reader.readRow(into: &span)
            rgb += row[..<(3 * width)]
        }
        return CalibrationPicture(width: width, height: height, rgb: rgb)
    }
}
