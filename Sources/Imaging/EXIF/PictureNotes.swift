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
        func directory(_ fields: [TIFF.Field]) -> TIFF.Directory {
            TIFF.Directory(order: .littleEndian, fields: fields.filter { !$0.isEmptyText })
        }
        func main(exifOffset: Int) -> [UInt8] {
            directory([
                TIFF.Field(ExifTag.imageDescription, .text(description)),
                TIFF.Field(ExifTag.orientation, .short(Orientation.upright.rawValue)),
                TIFF.Field(ExifTag.software, .text(software)), TIFF.Field(ExifTag.dateTime, .text(made?.text ?? "")),
                TIFF.Field(ExifTag.exifDirectory, .long(exifOffset)),
            ]).bytes(at: 8)
        }
        let exif = directory([
            TIFF.Field(ExifTag.exifVersion, .undefined(ExifTag.version)),
            TIFF.Field(ExifTag.dateTimeOriginal, .text(taken?.text ?? "")),
            TIFF.Field(ExifTag.offsetTimeOriginal, .text(taken?.offset ?? "")),
            TIFF.Field(ExifTag.colourSpace, .short(1)),
            TIFF.Field(ExifTag.pixelWidth, .long(size.width)), TIFF.Field(ExifTag.pixelHeight, .long(size.height)),
        ])
        let exifOffset = 8 + main(exifOffset: 0).count
        return Array("II*\0".utf8) + TIFF.ByteOrder.littleEndian.bytes(8, count: 4) + main(exifOffset: exifOffset)
            + exif.bytes(at: exifOffset)
    }
}
