import Glibc
import Painting

/// Which photo becomes which file.
enum ConversionJobs {
    enum Photo: Equatable {
        case file(String)
        case standardInput

        var name: String { if case .file(let path) = self { path } else { "standard input" } }
    }

    enum Result: Equatable {
        case file(String)
        case standardOutput
    }

    struct Job: Equatable {
        let photo: Photo
        let result: Result
    }

    /// Works out all jobs before the first one begins, so that a wrong command changes nothing.
    ///
    /// - Parameters:
    ///   - inputs: Files, folders and `-`.
    ///   - output: A file, a folder, `-`, or nil for files beside the photos. Two inputs without it are photo and
    ///     result when the second does not exist yet.
    ///   - style: Ends the names of results that lie beside their photos.
    /// - Throws: ``PaintingError`` when the inputs and the output do not go together.
    static func resolve(inputs: [String], output: String?, style: String) throws(PaintingError) -> [Job] {
        var inputs = inputs
        var output = output
        if output == nil, inputs.count == 2, !inputs.contains("-") || inputs[0] == "-", kind(inputs[0]) != .folder {
            switch kind(inputs[1]) {
            case .missing: output = inputs.removeLast()
            case .file:
                throw PaintingError(
                    "\(inputs[1]) exists: give -o \(inputs[1]) to replace it, or -o FOLDER to convert both pictures")
            case .folder: break
            }
        }
        let photos = try photos(inputs, style: style)
        guard let output else {
            return try photos.map { (photo) throws(PaintingError) in
                guard case .file(let path) = photo else {
                    throw PaintingError("a photo from standard input needs -o, a file or - for standard output")
                }
                return Job(photo: photo, result: .file(stem(path) + "-\(style).jpg"))
            }
        }
        if output == "-" {
            guard photos.count == 1 else { throw PaintingError("standard output takes one picture, not \(photos.count)") }
            return [Job(photo: photos[0], result: .standardOutput)]
        }
        let intoFolder = output.hasSuffix("/") || kind(output) == .folder
            || inputs.contains { kind($0) == .folder } || photos.count > 1
        guard intoFolder else {
            if case .file(let path) = photos[0], isSameFile(path, output) {
                throw PaintingError("\(output) is the photo itself; the result needs another name")
            }
            return [Job(photo: photos[0], result: .file(output))]
        }
        return try jobs(photos, folder: output, style: style)
    }

    private static func jobs(_ photos: [Photo], folder: String, style: String) throws(PaintingError) -> [Job] {
        if kind(folder) == .file { throw PaintingError("\(folder) is a file; several pictures need a folder") }
        var owners: [String: String] = [:]
        var jobs: [Job] = []
        for photo in photos {
            guard case .file(let path) = photo else {
                throw PaintingError("a photo from standard input needs -o with a file, not a folder")
            }
            let name = stem(path.split(separator: "/").last.map(String.init) ?? path) + "-\(style).jpg"
            let result = (folder.hasSuffix("/") ? folder : folder + "/") + name
            if let owner = owners.updateValue(path, forKey: result) {
                throw PaintingError("\(owner) and \(path) would both become \(result); convert them one after the other")
            }
            jobs.append(Job(photo: photo, result: .file(result)))
        }
        try makeFolder(folder)
        return jobs
    }

    private static func photos(_ inputs: [String], style: String) throws(PaintingError) -> [Photo] {
        var photos: [Photo] = []
        for input in inputs {
            if input == "-" {
                photos.append(.standardInput)
            } else if kind(input) == .folder {
                let names = pictureNames(in: input)
                // What an earlier run painted is no photo.
                let fresh = names.filter { name in
                    !(stem(name).hasSuffix("-\(style)") && names.contains { stem($0) + "-\(style)" == stem(name) })
                }
                guard !fresh.isEmpty else {
                    throw PaintingError("\(input) has no pictures; files that end in .jpg or .jpeg are looked for")
                }
                photos += fresh.map { .file(input.hasSuffix("/") ? input + $0 : input + "/" + $0) }
            } else {
                photos.append(.file(input))
            }
        }
        if photos.count(where: { $0 == .standardInput }) > 1 {
            throw PaintingError("standard input holds one picture; - was given more than once")
        }
        return photos
    }

    // MARK: The file system

    private enum Kind { case missing, file, folder }

    private static func kind(_ path: String) -> Kind {
        var status = stat()
        guard path != "-", stat(path, &status) == 0 else { return .missing }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }

    private static func isSameFile(_ left: String, _ right: String) -> Bool {
        var (a, b) = (stat(), stat())
        guard stat(left, &a) == 0, stat(right, &b) == 0 else { return false }
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino
    }

    private static func makeFolder(_ path: String) throws(PaintingError) {
        guard kind(path) == .missing else { return }
        guard mkdir(path, 0o777) == 0 else {
            throw PaintingError("the folder \(path) cannot be made (\(String(cString: strerror(errno)).lowercased()))")
        }
    }

    private static func pictureNames(in folder: String) -> [String] {
        fileNames(inFolder: folder).filter { name in
            let lower = name.lowercased()
            return lower.hasSuffix(".jpg") || lower.hasSuffix(".jpeg")
        }
    }

    /// The path without the part of the last component from its last dot on.
    private static func stem(_ path: String) -> String {
        guard let dot = path.lastIndex(of: "."), dot > (path.lastIndex(of: "/") ?? path.startIndex) else { return path }
        return String(path[..<dot])
    }
}
