import Engine
import FoundationEssentials
import Glibc
import Imaging
import Testing

/// The checkout's models and sample photo. `ANIMESNAP_ROOT` is the checkout; it is found without.
enum Checkout {
    static let root: String = {
        let here = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let named = getenv("ANIMESNAP_ROOT").map { String(cString: $0) }
        return [named ?? here, here, "."].first { access($0 + "/Tests/Fixtures/astronaut.jpg", R_OK) == 0 } ?? here
    }()

    /// A photo of 512x512 pixels.
    static let photo = PictureInput.file(path: root + "/Tests/Fixtures/astronaut.jpg")

    static func model(_ name: String = "cute-m") throws -> ModelFile {
        try ModelFile(path: "\(root)/weights/\(name).safetensors")
    }

    /// Emulated processors get fewer pixels and rounds.
    static let isEmulated = getenv("ANIMESNAP_EMULATED").map { String(cString: $0) } == "1"
}

/// A folder for one test, gone with the suite that holds it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/painting-tests-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and the folders it lies in, and returns its path.
    @discardableResult
    func add(_ name: String, _ bytes: [UInt8] = []) throws -> String {
        let file = "\(path)/\(name)"
        let parent = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { Array($0) } ?? []
    }

    var names: [String] { (try? FileManager.default.subpathsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// A JPEG photo of the given size: a part of the sample photo, squeezed.
func photo(_ width: Int, _ height: Int) throws -> PictureInput {
    let picture = try RGBImage.decode(Checkout.photo, longestSide: 128).resized(width: width, height: height)
    return .bytes(try picture.jpeg(), name: "photo.jpg")
}

/// What a file holds.
func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
