import Engine
import Imaging
import Seeing

/// The networks of this project and the astronaut.
enum Fixtures {
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    static let astronaut = PictureInput.file(path: root + "/Tests/Fixtures/astronaut.jpg")

    static func model(_ name: String) throws -> ModelFile {
        try ModelFile(path: root + "/weights/\(name).safetensors")
    }

    /// The astronaut's face as the detector finds it, without the detector.
    static let face = Face(
        score: 0.9, origin: PicturePoint(x: 181.04, y: 63.88), width: 89.79, height: 112.29,
        rightEye: PicturePoint(x: 204.95, y: 104.42), leftEye: PicturePoint(x: 246.88, y: 105.93),
        nose: PicturePoint(x: 224.43, y: 127.1), rightMouthCorner: PicturePoint(x: 205.62, y: 142.84),
        leftMouthCorner: PicturePoint(x: 242.26, y: 144.57))
}

extension PicturePoint {
    func distance(to other: PicturePoint) -> Double {
        ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
}
