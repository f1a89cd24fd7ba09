/// What is noted in a picture's EXIF block besides its size: nothing that could tell the place.
public struct PictureNotes: Equatable, Sendable {
    /// When the photo was taken; the field is left out when this is not known.
    public var taken: PictureTime?
    /// When the picture was made from the photo; left out when not known. Two conversions of one photo have the same
    /// bytes only when this is equal or left out.
    public var made: PictureTime?
    /// The program, "AnimeSnap 1.0" say; left out when empty.
    public var software: String
    /// What the picture is, the names of model and style say; left out when empty.
    public var description: String

    /// Makes notes; see the properties.
    public init(
        taken: PictureTime? = nil, made: PictureTime? = nil, software: String = "AnimeSnap", description: String = ""
    ) {
        self.taken = taken
        self.made = made
        self.software = software
        self.description = description
    }

    /// The TIFF block, little endian, for a picture of `size` that is stored upright.
    func exifBlock(size: PictureSize) -> [UInt8] {
        let header = 8
        let main = TIFFDirectory([
            .text(ExifTag.imageDescription, description), .short(ExifTag.orientation, Orientation.upright.rawValue),
            .text(ExifTag.software, software), .text(ExifTag.dateTime, made?.text ?? ""),
            .long(ExifTag.exifDirectory, 0),
        ])
        let exif = TIFFDirectory([
            .undefined(ExifTag.exifVersion, Array("0232".utf8)), .text(ExifTag.dateTimeOriginal, taken?.text ?? ""),
            .text(ExifTag.offsetTimeOriginal, taken?.offset ?? ""), .short(ExifTag.colourSpace, 1),
            .long(ExifTag.pixelWidth, size.width), .long(ExifTag.pixelHeight, size.height),
        ])
        let exifOffset = header + main.count
        let placed = main.replacing(.long(ExifTag.exifDirectory, exifOffset))
        return Array("II*\0".utf8) + TIFFDirectory.littleEndian(header, bytes: 4)
            + placed.bytes(at: header) + exif.bytes(at: exifOffset)
    }
}
