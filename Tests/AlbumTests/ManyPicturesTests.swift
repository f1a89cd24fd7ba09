import Album
import Glibc
import Testing

@Suite("Many pictures")
struct ManyPicturesTests {
    @Test("10,000 pictures with all that belongs to them are known after opening; time and memory are printed")
    func tenThousand() async throws {
        let folder = TemporaryFolder()
        let endings = [
            "-photo.jpg", "-photo-preview.jpg", "-photo-thumb.jpg", "-cute.jpg", "-cute-preview.jpg", "-cute-thumb.jpg",
        ]
        for number in 1...10_000 {
            for ending in endings { folder.add(Story.digits(number) + ending, []) }
        }
        let before = residentBytes
        let start = ContinuousClock.now
        let album = try await Album(folder: folder.path, options: .keeping())
        let time = ContinuousClock.now - start
        let memory = residentBytes - before
        #expect(await album.count == 10_000)
        #expect(await album.pending.isEmpty)
        let page = ContinuousClock.now
        #expect(await album.pictures(before: 5000, limit: 50).count == 50)
        let pageTime = ContinuousClock.now - page
        print("10,000 pictures, 60,000 files: opened in \(time), \(memory >> 10) KB more memory, a page in \(pageTime)")
        #expect(try await album.save(1).number == 10_001)
    }

    /// Bytes of the process that are in memory now.
    private var residentBytes: Int {
        let text = String(decoding: Disk().bytes(of: "/proc/self/statm"), as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
