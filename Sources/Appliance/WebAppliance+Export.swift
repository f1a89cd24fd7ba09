import Album
import Glibc
import Web

extension WebAppliance {
    /// Where sticks and disks are mounted.
    private static let places = ["/media/", "/mnt/", "/run/media/"]

    /// Begins to copy the album to a stick. It is refused where the copy would only fill the album's own disk.
    package func export(to folder: String) async throws(Refusal) {
        let album = try await album()
        let isPlain = !folder.split(separator: "/").contains { $0 == ".." || $0 == "." }
        guard isPlain, folder.utf8.count < 1000, Self.places.contains(where: { folder.hasPrefix($0) }) else {
            throw Refusal(.invalid, "\"folder\" has to be below /media, /mnt or /run/media.")
        }
        guard let disk = Self.disk(of: folder), disk != Self.disk(of: album.folder) else {
            throw Refusal(.invalid, "\(folder) is on the album's own disk; is the stick in and mounted?")
        }
        if case .running = exportState { throw Refusal(.busy, "An export is running already.") }
        exportState = .running
        log.notice("web: the host exports the album to \(folder)")
        Task { await self.copy(album, to: folder) }
    }

    private func copy(_ album: Album, to folder: String) async {
        do throws(AlbumError) {
            let count = try await album.export(to: folder)
            log.notice("web: \(count) pictures are in \(folder)")
            exportState = .none
        } catch {
            log.error("\(error)")
            exportState = .failed("\(error)")
        }
    }

    /// The number of the disk that a folder is on, or would be.
    private static func disk(of folder: String) -> dev_t? {
        var path = folder
        while !path.isEmpty {
            var status = stat()
            if stat(path, &status) == 0 { return status.st_dev }
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        return nil
    }
}
