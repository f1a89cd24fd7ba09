import Imaging
import Seeing

/// A part of a photo that frames the people in it.
public struct PhotoCrop: Equatable, Sendable {
    /// The left column, in pixels of the upright photo.
    public var x: Int
    /// The upper row.
    public var y: Int
    /// Its sides.
    public var size: PictureSize

    /// What a crop is to be like.
    public enum Shape: String, CaseIterable, Sendable {
        /// The photo is not cropped.
        case off
        /// As wide and high as the faces suggest, in the photo's own proportions.
        case faces
        /// Higher than wide, as prints and cards are.
        case portrait = "4:5"
        /// As wide as high, as avatars are.
        case square = "1:1"

        /// Width by height, in a photo of the given size.
        func proportion(in photo: PictureSize) -> Double {
            switch self {
            case .off, .faces: Double(photo.width) / Double(photo.height)
            case .portrait: 0.8
            case .square: 1
            }
        }
    }

    /// The least part of the photo's sides that a crop keeps: what is smaller would be blurred.
    static let leastPart = 1.0 / 3
    /// Faces that are smaller than this part of the largest one are not framed.
    static let leastHeight = 0.4

    /// Frames faces: a part of the photo that shows them with their shoulders and some air, and their eyes on the upper third
    /// where the photo has room. Who stands far behind is not framed, and where not all fit the smaller faces give way.
    ///
    /// Nil when there is no face or nothing to crop.
    ///
    /// - Parameters:
    ///   - faces: In pixels of the photo.
    ///   - photo: Its size.
    ///   - shape: The shape of the crop.
    public init?(around faces: [Face], in photo: PictureSize, shape: Shape) {
        guard shape != .off else { return nil }
        let (width, height) = (Double(photo.width), Double(photo.height))
        let proportion = shape.proportion(in: photo)
        // The largest crop of this shape that the photo has.
        let most = (width: min(width, height * proportion), height: min(height, width / proportion))
        func part(_ space: Space) -> Double { max(space.width / most.width, space.height / most.height) }
        let bySize = faces.filter { face in
            let places = [face.origin, face.rightEye, face.leftEye].flatMap { [$0.x, $0.y] }
            return face.height > 0 && (places + [face.width, face.height]).allSatisfy { abs($0) < 1e6 }
        }
        .sorted { ($1.height, $0.origin.x, $0.origin.y) < ($0.height, $1.origin.x, $1.origin.y) }
        guard let largest = bySize.first else { return nil }
        var framed = [largest]
        var space = Space(of: largest)
        for face in bySize.dropFirst() where face.height >= Self.leastHeight * largest.height {
            let wider = space.joined(with: Space(of: face))
            if part(wider) > 1 { break }
            framed.append(face)
            space = wider
        }
        let taken = min(max(part(space), Self.leastPart), 1)
        let wide = min(max(1, Int((taken * most.width).rounded())), photo.width)
        let high = min(max(1, Int((taken * most.height).rounded())), photo.height)
        func start(_ wanted: Double, _ length: Int, _ all: Int) -> Int {
            Int(min(max(wanted, 0), Double(all - length)).rounded())
        }
        let eyes = framed.map { ($0.rightEye.y + $0.leftEye.y) / 2 }.reduce(0, +) / Double(framed.count)
        x = start((space.left + space.right - Double(wide)) / 2, wide, photo.width)
        // Eyes on the upper third, but no head cut off for it.
        y = start(min(eyes - Double(high) / 3, space.top), high, photo.height)
        size = PictureSize(width: wide, height: high)
        if size == photo { return nil }
    }

    /// What a person takes in a picture.
    private struct Space {
        var left: Double
        var top: Double
        var right: Double
        var bottom: Double
        var width: Double { right - left }
        var height: Double { bottom - top }

        /// Head, shoulders and air.
        init(of face: Face) {
            left = face.origin.x - 0.7 * face.width
            right = face.origin.x + 1.7 * face.width
            top = face.origin.y - 0.7 * face.height
            bottom = face.origin.y + 2.4 * face.height
        }

        func joined(with other: Space) -> Space {
            var both = self
            both.left = min(left, other.left)
            both.top = min(top, other.top)
            both.right = max(right, other.right)
            both.bottom = max(bottom, other.bottom)
            return both
        }
    }
}
