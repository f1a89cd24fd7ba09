import Imaging

/// A JPEG file of a part of the sample photo, resized without regard to proportions.
func photo(_ width: Int, _ height: Int, exif: [UInt8]? = nil) throws -> [UInt8] {
    let picture = try RGBImage.decode(.file(path: Places.photo), longestSide: 128)
    return try jpeg(picture.resized(width: width, height: height), exif: exif)
}

/// A JPEG file of a picture, with an EXIF block if given.
func jpeg(_ picture: RGBImage, exif: [UInt8]? = nil) throws -> [UInt8] {
    var options = JPEGWriter.Options(quality: 96)
    options.exifBlock = exif
    return try picture.jpeg(options)
}

/// The picture in a JPEG file, upright.
func decode(_ bytes: [UInt8]) throws -> RGBImage { try RGBImage.decode(.bytes(bytes, name: "the result")) }

/// The mean absolute difference of two pictures of one size, in steps of a sample.
func difference(_ a: RGBImage, _ b: RGBImage) -> Double {
    guard a.width == b.width, a.height == b.height else { return .infinity }
    return Double(zip(a.bytes, b.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(a.bytes.count)
}

/// Whether `part` occurs in `bytes`.
func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.firstRange(of: part) != nil
}
