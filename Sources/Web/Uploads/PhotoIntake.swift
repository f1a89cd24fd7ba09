import HTTPTypes
import Hummingbird
import Imaging
import NIOCore

/// Takes in photos: JPEG files as they are, or the files of a form.
struct PhotoIntake: Sendable {
    private let desk: Desk
    private var options: WebOptions { desk.options }

    init(_ desk: Desk) { self.desk = desk }

    func respond(_ call: Call) async throws -> Response {
        let type = call.request.headers[.contentType] ?? ""
        let kind = type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        let reader: MultipartReader?
        switch kind {
        case "image/jpeg": reader = nil
        case "multipart/form-data":
            guard let boundary = MultipartReader.boundary(in: type) else {
                throw Problem(.badRequest, "The Content-Type names no boundary of 1 to 70 characters.")
            }
            reader = MultipartReader(boundary: boundary)
        default:
            throw Problem(.unsupportedMediaType, "Photos are taken as image/jpeg or multipart/form-data.")
        }
        let most = reader == nil ? options.mostUploadBytes : options.mostUploadBytes * MultipartReader.mostParts
        if let length = call.request.headers[.contentLength].flatMap({ Int($0) }), length > most { throw tooLarge }
        let added = try await desk.uploads.pass {
            if let reader { try await self.take(form: reader, call) } else { [try await self.take(file: call)] }
        }
        guard let added else {
            throw Problem(.serviceUnavailable, "Other photos are just coming in.", retryAfter: 2)
        }
        return try .json(AddedPictures(pictures: added), status: .created)
    }

    private var tooLarge: Problem {
        Problem(.contentTooLarge, "A photo may have \(options.mostUploadBytes) bytes.")
    }

    /// As many bytes as a photo of this request can have. An array that has to grow is held twice for a moment, while
    /// room that is not needed costs no memory.
    private func room(for call: Call) -> Int {
        let length = call.request.headers[.contentLength].flatMap { Int($0) } ?? options.mostUploadBytes
        return min(max(0, length), options.mostUploadBytes)
    }

    private func take(file call: Call) async throws -> PictureEntry {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(room(for: call))
        for try await part in call.request.body {
            guard bytes.count + part.readableBytes <= options.mostUploadBytes else { throw tooLarge }
            bytes += part.readableBytesView
        }
        return try await add(bytes, try Wishes(call), "The photo")
    }

    /// Every part with a file name is a photo; parts named "style" and "faces" say how all that follow are painted.
    private func take(form: MultipartReader, _ call: Call) async throws -> [PictureEntry] {
        var (form, added, part) = (form, [PictureEntry](), FormPart?.none)
        var wishes = try Wishes(call)
        for try await chunk in call.request.body {
            form.add(chunk.readableBytesView)
            while let event = try form.next() {
                switch event {
                case .begin(let name, let isFile):
                    part = FormPart(name: name, isFile: isFile)
                    if isFile { part?.bytes.reserveCapacity(room(for: call)) }
                case .bytes(let bytes):
                    part?.bytes += bytes
                    let most = part?.isFile == true ? options.mostUploadBytes : 1024
                    guard (part?.bytes.count ?? 0) <= most else { throw tooLarge }
                case .end:
                    // A file field of a form that was left empty comes as a file of no bytes.
                    if let part, part.isFile, !part.bytes.isEmpty {
                        added.append(try await add(part.bytes, wishes, "Photo \(added.count + 1) of the form"))
                    } else if let part, !part.bytes.isEmpty {
                        try wishes.take(String(decoding: part.bytes, as: UTF8.self), for: part.name)
                    }
                    part = nil
                }
            }
        }
        guard form.isComplete else { throw Problem(.badRequest, "The form ends before its last boundary.") }
        guard !added.isEmpty else { throw Problem(.unprocessableContent, "The form has no photo.") }
        return added
    }

    private func add(_ bytes: [UInt8], _ wishes: Wishes, _ name: String) async throws -> PictureEntry {
        let limits = options.pictureLimits
        let problem = try await desk.threads.runIfActive { () -> PictureError? in
            do throws(PictureError) {
                try Self.check(bytes, limits, name)
                return nil
            } catch {
                return error
            }
        }
        if let problem { throw Problem(.unprocessableContent, "\(problem)") }
        return try await desk.appliance.add(bytes, style: wishes.style, faces: wishes.faces)
    }

    /// Decodes a photo once, small: whatever is wrong with it is found out before it is in the album.
    private static func check(_ bytes: [UInt8], _ limits: PictureLimits, _ name: String) throws(PictureError) {
        let reader = try PictureReader(.bytes(bytes, name: name), longestSide: 64, limits: limits)
        var row = [UInt8](repeating: 0, count: 3 * reader.width)
        for _ in 0..<reader.height {
            var span = row.mutableSpan
            try reader.readRow(into: &span)
        }
    }
}

/// How photos are to be painted.
private struct Wishes {
    var style: String?
    var faces: AnimeFaces?

    /// What the address says.
    init(_ call: Call) throws(Problem) {
        style = call.query("style")
        if let text = call.query("faces") { faces = try AnimeFaces(wish: text) }
    }

    /// Takes what a part of a form says; other parts than "style" and "faces" mean nothing.
    mutating func take(_ text: String, for name: String) throws(Problem) {
        switch name {
        case "style": style = text
        case "faces": faces = try AnimeFaces(wish: text)
        default: break
        }
    }
}

private struct FormPart {
    let name: String
    let isFile: Bool
    var bytes: [UInt8] = []
}

private struct AddedPictures: Encodable { let pictures: [PictureEntry] }
