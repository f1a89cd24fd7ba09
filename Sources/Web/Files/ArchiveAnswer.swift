import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Answers with an archive of photos and anime pictures, made while it is sent.
struct ArchiveAnswer: Sendable {
    let appliance: any Appliance
    let threads: NIOThreadPool

    private static let mostNumbers = 1000

    func respond(_ call: Call) async throws -> Response {
        let names = await appliance.fileNames(of: try Self.numbers(call.query("numbers")))
        guard !names.isEmpty else { throw Problem(.notFound, "There are no such pictures.") }
        let headers: HTTPFields = [
            .contentType: "application/zip", .cacheControl: "no-store",
            .contentDisposition: "attachment; filename=\"animesnap.zip\"",
        ]
        let body = ResponseBody { [appliance, threads] writer in
            var archive = ZipArchive()
            for name in names {
                // What was deleted meanwhile is left out.
                guard let path = await appliance.path(ofFile: name),
                    let file = try await threads.runIfActive({ OpenFile(path: path) })
                else { continue }
                try await writer.write(archive.begin(name, modified: file.modified))
                try await FileAnswer.write(file, 0..<file.count, threads, to: &writer) { archive.add($0) }
                try await writer.write(archive.end())
            }
            try await writer.write(archive.directory())
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// "1,2,3"; nil for all pictures.
    private static func numbers(_ text: String?) throws(Problem) -> [Int]? {
        guard let text, !text.isEmpty else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in 1...9 ~= part.utf8.count ? Int(part) : nil }
        guard numbers.count == parts.count, numbers.count <= mostNumbers, numbers.allSatisfy({ $0 > 0 }) else {
            throw Problem(.badRequest, "\"numbers\" has to be at most \(mostNumbers) numbers with commas between them.")
        }
        return numbers
    }
}
