import Imaging
import Seeing

/// The part of a photo that a picture shows, in pixels that the network sees: the whole photo, or a crop.
struct Viewport: Equatable, Sendable {
    /// The upright photo's size in its own pixels.
    let photo: PictureSize
    /// The whole photo's size at the scale of what is seen.
    let whole: PictureSize
    /// The left column and the upper row that are seen.
    let offset: (x: Int, y: Int)
    /// What is seen.
    let size: PictureSize

    /// All of a photo, seen at `size`.
    init(allOf photo: PictureSize, size: PictureSize) {
        self.photo = photo
        whole = size
        offset = (0, 0)
        self.size = size
    }

    /// A part of a photo, seen at `size`, which has the part's proportions.
    ///
    /// - Parameters:
    ///   - crop: In pixels of the photo; it lies within it.
    ///   - photo: The photo's size.
    ///   - size: What is seen of the crop.
    init(_ crop: PhotoCrop, of photo: PictureSize, size: PictureSize) {
        self.photo = photo
        self.size = size
        func scaled(_ length: Int, _ seen: Int, _ part: Int) -> Int {
            max(seen, Int((Double(length) * Double(seen) / Double(part)).rounded()))
        }
        let whole = PictureSize(
            width: scaled(photo.width, size.width, crop.size.width),
            height: scaled(photo.height, size.height, crop.size.height))
        self.whole = whole
        func start(_ offset: Int, _ whole: Int, _ photo: Int, _ seen: Int) -> Int {
            min(Int((Double(offset) * Double(whole) / Double(photo)).rounded()), whole - seen)
        }
        offset = (
            start(crop.x, whole.width, photo.width, size.width), start(crop.y, whole.height, photo.height, size.height)
        )
    }

    /// A frame of the photo in what is seen, `factor` times enlarged.
    func frame(_ frame: AlignedSquare, enlarged factor: Int) -> AlignedSquare {
        frame.scaled(
            across: Double(whole.width * factor) / Double(photo.width),
            down: Double(whole.height * factor) / Double(photo.height),
            from: PicturePoint(x: Double(offset.x * factor), y: Double(offset.y * factor)))
    }

    /// Whether any of a frame of the photo is seen.
    func shows(_ frame: AlignedSquare) -> Bool {
        let (least, greatest) = self.frame(frame, enlarged: 1).bounds
        return greatest.x > 0 && greatest.y > 0 && least.x < Double(size.width) && least.y < Double(size.height)
    }

    static func == (left: Viewport, right: Viewport) -> Bool {
        left.photo == right.photo && left.whole == right.whole && left.offset == right.offset && left.size == right.size
    }
}
