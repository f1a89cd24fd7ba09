import Glibc
import Painting
import Platform

/// Which photo becomes which file. All is worked out before the first picture, so that a wrong command changes nothing.
package struct ConversionJobs {
    /// Where a photo comes from.
    package enum Photo: Equatable {
        case file(String)
        case standardInput

        /// Its path, or what it is.
        package var name: String { if case .file(let path) = self { path } else { "standard input" } }
    }

    /// Where a picture goes.
    package enum Result: Equatable {
        case file(String)
        case standardOutput
    }

    /// One photo and the picture that it becomes.
    package struct Job: Equatable {
        /// The photo.
        package let photo: Photo
        /// The picture.
        package let result: Result

        /// Makes a job.
        package init(photo: Photo, result: Result) {
            self.photo = photo
            self.result = result
        }
    }

    /// The jobs in the order of the photos; never empty.
    package let jobs: [Job]
    /// The folder for the results where it has yet to be made.
    package let newFolder: String?

    /// Works out the jobs.
    ///
    /// - Parameters:
    ///   - inputs: Files, folders and `-`.
    ///   - output: A file, a folder, `-`, or nil for files beside the photos. Two inputs without it are photo and
    ///     result when the second does not exist yet.
    ///   - style: Ends the names of results that lie beside their photos.
    /// - Throws: ``PaintingError`` when the inputs and the output do not go together.
    package init(inputs: [String], output: String?, style: String) throws(PaintingError) {
        var inputs = inputs
        var output = output
        if output == nil, inputs.count == 2, fileKind(inputs[0]) != .folder {
            switch fileKind(inputs[1]) {
            case .missing: output = inputs.removeLast()
            case .file:
                throw PaintingError(
                    "\(inputs[1]) exists: give -o \(inputs[1]) to replace it, or -o FOLDER to convert both pictures")
            case .folder: break
            }
        }
        let photos = try Self.photos(inputs, style: style)
        let kind = output.map(fileKind)
        let intoFolder = kind == .folder || output?.hasSuffix("/") == true || inputs.contains(where: isFolder)
        if output == "-" {
            guard photos.count == 1 else {
                throw PaintingError("standard output takes one picture, not \(photos.count)")
            }
            self.init(jobs: [Job(photo: photos[0], result: .standardOutput)])
        } else if let output, photos.count == 1, !intoFolder {
            if case .file(let path) = photos[0], let photo = identity(path), photo == identity(output) {
                throw PaintingError("\(output) is the photo itself; the result needs another name")
            }
            self.init(jobs: [Job(photo: photos[0], result: .file(output))])
        } else {
            if let output, kind == .file { throw PaintingError("\(output) is a file; several pictures need a folder") }
            let jobs = try photos.map { (photo) throws(PaintingError) in
                Job(photo: photo, result: .file(try Self.result(of: photo, folder: output, style: style)))
            }
            try Self.refuseCollisions(jobs)
            self.init(jobs: jobs, newFolder: kind == .missing ? output : nil)
        }
    }

    private init(jobs: [Job], newFolder: String? = nil) {
        self.jobs = jobs
        self.newFolder = newFolder
    }

    /// Makes the folder for the results.
    package func makeFolder() throws(PaintingError) {
        guard let newFolder, mkdir(newFolder, 0o777) != 0 else { return }
        let reason = SystemError.last.words
        throw PaintingError("the folder \(newFolder) cannot be made (\(reason))")
    }

    /// Removes the folder for the results if nothing came to lie in it.
    package func removeEmptyFolder() {
        if let newFolder { rmdir(newFolder) }
    }

    /// The photos among files and folders; what a run in the same style painted is left out of the folders.
    package static func photos(_ inputs: [String], style: String) throws(PaintingError) -> [Photo] {
        var photos: [Photo] = []
        for input in inputs {
            if input == "-" {
                photos.append(.standardInput)
            } else if fileKind(input) == .folder {
                let names = pictureNames(in: input)
                let stems = Set(names.map(stem))
                let fresh = names.filter { name in
                    let (stem, ending) = (stem(name), "-\(style)")
                    return !(stem.hasSuffix(ending) && stems.contains(String(stem.dropLast(ending.count))))
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

    /// Where the result of a photo goes: into `folder`, or beside the photo.
    private static func result(of photo: Photo, folder: String?, style: String) throws(PaintingError) -> String {
        guard case .file(let path) = photo else {
            throw PaintingError("a photo from standard input needs -o with a file, or - for standard output")
        }
        guard let folder else { return stem(path) + "-\(style).jpg" }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return (folder.hasSuffix("/") ? folder : folder + "/") + stem(name) + "-\(style).jpg"
    }

    /// No result may replace another one or a photo that was asked for.
    private static func refuseCollisions(_ jobs: [Job]) throws(PaintingError) {
        let photos = Dictionary(
            jobs.compactMap { job in identity(job.photo.name).map { ($0, job.photo.name) } }, uniquingKeysWith: { $1 })
        var owners: [String: String] = [:]
        for job in jobs {
            guard case .file(let result) = job.result else { continue }
            if let owner = owners.updateValue(job.photo.name, forKey: result), owner != job.photo.name {
                throw PaintingError(
                    "\(owner) and \(job.photo.name) would both become \(result); give one of them its own -o")
            }
            if let photo = identity(result).flatMap({ photos[$0] }) {
                throw PaintingError(
                    "\(photo) is one of the photos and would be replaced by the result of \(job.photo.name);"
                        + " give -o FOLDER for the results")
            }
        }
    }
}

// MARK: - The file system

private enum FileKind { case missing, file, folder }

private func fileKind(_ path: String) -> FileKind {
    var status = stat()
    guard path != "-", stat(path, &status) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
}

private func isFolder(_ path: String) -> Bool { fileKind(path) == .folder }

/// Which file a path leads to, however it is spelled.
private struct FileIdentity: Hashable {
    let device: UInt
    let number: UInt
}

private func identity(_ path: String) -> FileIdentity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return FileIdentity(device: UInt(status.st_dev), number: UInt(status.st_ino))
}

private func pictureNames(in folder: String) -> [String] {
    ((try? Folder.names(in: folder)) ?? []).filter { name in
        let lower = name.lowercased()
        return lower.hasSuffix(".jpg") || lower.hasSuffix(".jpeg")
    }
}

/// The path without the part of the last component from its last dot on.
private func stem(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), dot > (path.lastIndex(of: "/") ?? path.startIndex) else { return path }
    return String(path[..<dot])
}
