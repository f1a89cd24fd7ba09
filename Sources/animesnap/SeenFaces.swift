import Appliance
import FoundationEssentials
import Imaging
import Seeing

/// What was seen in one photo, in words and as JSON.
struct SeenFaces {
    /// The longest side at which faces are read and drawn upon, in pixels.
    static let longestSide = 1280

    let photo: String
    let sighting: FaceDetector.Sighting
    /// One for each face, or nil where meshes were not asked for.
    let readings: [FaceMeshReader.Reading]?

    /// A line about the photo and one about each face.
    var words: String {
        let count = sighting.faces.count
        let head = "\(photo): \(count == 0 ? "no face" : count == 1 ? "1 face" : "\(count) faces")"
        let faces = sighting.faces.indices.map { index in
            sighting.faces[index].words + (readings.map { ", \($0[index].words)" } ?? "")
        }
        return ([head + (sighting.isTurned ? ", after a quarter turn" : "")] + faces).joined(separator: "\n")
    }

    private struct Line: Encodable {
        struct Entry: Encodable {
            let score: Double
            /// Left, top, width, height.
            let box: [Double]
            /// Right eye, left eye, nose, right and left corner of the mouth: x and y.
            let landmarks: [[Double]]
            /// How sure the mesh's network is that it sees a face.
            let presence: Double?
            /// 468 times x, y and z.
            let mesh: [[Double]]?
            let rightEye: Eye?
            let leftEye: Eye?
        }

        struct Eye: Encodable {
            /// The iris's centre and four places at its edge: x and y.
            let iris: [[Double]]
            /// Where it looks, x and y.
            let gaze: [Double]
        }

        let photo: String
        let width: Int
        let height: Int
        let turned: Bool
        let faces: [Entry]
    }

    /// All figures as a line of JSON.
    func line() throws -> String {
        func pixels(_ number: Double) -> Double { number.rounded(toDecimals: 2) }
        func place(_ point: PicturePoint) -> [Double] { [pixels(point.x), pixels(point.y)] }
        func eye(_ eye: EyeReading) -> Line.Eye {
            Line.Eye(
                iris: eye.iris.map(place), gaze: [eye.gaze.x, eye.gaze.y].map { $0.rounded(toDecimals: 3) })
        }
        let faces = sighting.faces.enumerated().map { index, face in
            let reading = readings?[index]
            return Line.Entry(
                score: face.score.rounded(toDecimals: 3),
                box: [face.origin.x, face.origin.y, face.width, face.height].map(pixels),
                landmarks: face.landmarks.map(place), presence: reading?.presence.rounded(toDecimals: 3),
                mesh: reading?.mesh?.points.map { place($0.place) + [pixels($0.z)] },
                rightEye: reading?.mesh?.rightEye.map(eye), leftEye: reading?.mesh?.leftEye.map(eye))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Line(
            photo: photo, width: sighting.photo.width, height: sighting.photo.height, turned: sighting.isTurned,
            faces: faces)
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }
}

extension Face {
    fileprivate var words: String {
        func place(_ point: PicturePoint) -> String { "\(point.x.fixed(0)),\(point.y.fixed(0))" }
        return
            "  \(score.fixed(2))  \(width.fixed(0))x\(height.fixed(0)) at \(place(origin)), eyes "
            + "\(place(rightEye)) and \(place(leftEye))"
    }
}

extension FaceMeshReader.Reading {
    /// Where the eyes look, or why nobody knows.
    fileprivate var words: String {
        guard let mesh else { return "no mesh" }
        guard let gaze = mesh.gaze, let right = mesh.rightEye, let left = mesh.leftEye else { return "mesh" }
        // Irises of fewer pixels are guessed.
        guard min(right.radius, left.radius) >= 1.5 else { return "eyes too small to tell where they look" }
        return "looks \(gaze.words)"
    }
}

extension Gaze {
    /// The direction, by the picture. Of 300 faces in photos three quarters look straight ahead by these limits.
    fileprivate var words: String {
        var directions: [String] = []
        if y < Self.straightY - 0.1 { directions.append("up") }
        if y > Self.straightY + 0.12 { directions.append("down") }
        if x < -0.12 { directions.append("to the left") }
        if x > 0.12 { directions.append("to the right") }
        return directions.isEmpty ? "straight ahead" : directions.joined(separator: " and ")
    }
}
