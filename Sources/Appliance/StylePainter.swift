import Booth
import Imaging
import Painting

/// What the web pages want of a painter.
package protocol StylePainter: PhotoPainter {
    /// All that it knows.
    var descriptions: [StyleDescription] { get }

    /// Which model paints a style now: another model has another checksum. nil when it does not know the style.
    func checksum(ofStyle name: String) -> String?

    /// Paints a small picture that shows what a style does.
    func paintSample(_ photo: PictureInput, style: String) async throws -> [UInt8]

    /// Paints a frame of the camera for those who watch live.
    func paintLive(_ frame: PictureInput, style: String) async throws -> [UInt8]

    /// Sets the size of the next pictures. It does not wait for the one that is painted.
    func setSize(_ size: Painter.Size)

    /// Sets what is done with the faces of the next pictures. It does not wait for the one that is painted.
    func setFaces(_ faces: Painter.Faces)
}

extension ModelPainter: StylePainter {}
