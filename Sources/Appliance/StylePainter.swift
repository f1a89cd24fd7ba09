import Booth
import Imaging
import Painting

/// What the web pages want of a painter.
package protocol StylePainter: PhotoPainter {
    /// All that it knows.
    var descriptions: [StyleDescription] { get }

    /// What a style's pictures depend on: another model, or other numbers of a drawn style, make another text. nil when it
    /// does not know the style.
    func checksum(ofStyle name: String) -> String?

    /// Paints a small picture that shows what a style does, perhaps with numbers that are tried.
    func paintSample(_ photo: PictureInput, style: String, drawn: DrawnStyle?) async throws -> [UInt8]

    /// The numbers of a drawn style, as its file has them and as they are set; nil for every other style.
    func drawnStyle(_ name: String) -> (ofFile: DrawnStyle, set: DrawnStyle)?

    /// Sets the numbers of a drawn style from the next picture on.
    func setDrawnStyle(_ style: DrawnStyle?, of name: String)

    /// Paints a frame of the camera for those who watch live.
    func paintLive(_ frame: PictureInput, style: String) async throws -> [UInt8]

    /// Sets the size of the next pictures. It does not wait for the one that is painted.
    func setSize(_ size: Painter.Size)

    /// Sets what is done with the faces of the next pictures. It does not wait for the one that is painted.
    func setFaces(_ faces: Painter.Faces)
}

extension ModelPainter: StylePainter {}
