import Glibc
import Platform
import Synchronization

/// A folder of pictures that a person can read on any computer, and that survives a power cut at any instant.
///
/// What a method has written when it returns is on the disk. The folder is the truth: the index is made from its names
/// when it is opened. See <doc:Album> for the names, the promises and the order of operations.
///
/// The album works on a thread of its own: waiting for the disk holds up nobody else. What files say about pictures is
/// read on another one, so that a photo is saved ahead of a page that is being read.
public actor Album {
    /// Limits and sizes.
    public struct Options: Sendable {
        /// The most pictures that are kept, pinned ones included; nil for as many as the disk takes.
        public var mostPictures: Int?
        /// Bytes that stay free on the disk.
        public var leastFreeBytes = 200 << 20
        /// Bytes that a photo with all that is made from it is expected to take.
        public var bytesPerShot = 8 << 20
        /// The longest side of previews in pixels.
        public var previewSide = 1280
        /// The longest side of thumbnails in pixels.
        public var thumbnailSide = 320

        /// Makes options; see the properties.
        public init(mostPictures: Int? = nil, leastFreeBytes: Int = 200 << 20, bytesPerShot: Int = 8 << 20) {
            self.mostPictures = mostPictures
            self.leastFreeBytes = leastFreeBytes
            self.bytesPerShot = bytesPerShot
        }
    }

    /// What an album is opened for.
    public enum Access: Sendable {
        /// Only one process at a time can write.
        case readWrite
        /// Works beside a process that writes. The album shows what was there when it was opened.
        case readOnly
    }

    /// The folder's path, without a closing slash.
    public nonisolated let folder: String
    /// Limits and sizes.
    public nonisolated let options: Options
    nonisolated let place: AlbumFolder
    /// A listener that falls back further than this misses the oldest changes.
    nonisolated let feed = Broadcast<AlbumChange>(.bufferingNewest(1000))
    nonisolated let darkroom = Darkroom()
    nonisolated let readingRoom = ReadingRoom()
    private nonisolated let executor = ThreadExecutor(name: "album")

    let access: Access
    /// How many pictures are kept at most; it begins with the options' and can be changed.
    nonisolated let mostPictures: Mutex<Int?>
    var index = AlbumIndex()
    /// The largest number that was given.
    var counter = 0
    /// The number that the counter file holds for sure.
    var savedCounter = 0
    /// A number that the counter file holds already and no file has yet.
    var reserved: Int?
    /// The newest time of a photo that was believed, in seconds since 1970; nil until it is looked for.
    var newestTime: Int?
    /// Why styles could not be painted, by the names of their marks, as far as somebody asked.
    var reasons: [String: String] = [:]
    /// What is being read about pictures just now.
    var studies: [Int: Task<Void, Never>] = [:]
    /// Files that should be gone and could not be removed.
    var leftOver: Set<String> = []
    /// Pictures that are deleted but have files left.
    var unfinished: [AlbumIndex.Entry] = []
    /// Whether a wipe has begun and not ended.
    var isWiping = false
    private var lock: OpenFile?
    private var isClosed = false

    /// Where the album works.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens a folder, makes it where there is none, finishes what a power cut interrupted and makes the index. No
    /// picture is opened for that.
    ///
    /// - Parameters:
    ///   - folder: The folder's path.
    ///   - options: Limits and sizes.
    ///   - access: What it is opened for.
    ///   - files: The file system.
    /// - Throws: When there is no such folder and it cannot be made, it cannot be read, or another process writes to
    ///   it. A folder that cannot be written to is opened all the same; saving says so then.
    public init(
        folder: String, options: Options = Options(), access: Access = .readWrite, files: any FileSystem = Disk()
    ) async throws(AlbumError) {
        var folder = folder
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        self.folder = folder
        self.options = options
        self.access = access
        mostPictures = Mutex(options.mostPictures)
        place = AlbumFolder(path: folder, files: files)
        if access == .readWrite {
            try makeFolder()
            try await claim()
        }
        do throws(AlbumError) {
            try readFolder()
        } catch {
            close()
            throw error
        }
    }

    deinit {
        if let lock { try? place.files.close(lock) }
    }

    /// Lets another process write to the folder. What is asked of the album afterwards is refused where it would write.
    public func close() {
        isClosed = true
        if let lock { try? place.files.close(lock) }
        lock = nil
    }

    /// Claims the folder; an album that is just being closed gets a moment for it.
    private func claim() async throws(AlbumError) {
        for attempt in 0... {
            do throws(FileFailure) {
                lock = try place.files.lock(folder)
                return
            } catch {
                guard error.code == EWOULDBLOCK else {
                    throw AlbumError(error, "the folder \(folder) cannot be opened")
                }
            }
            guard attempt < 10, (try? await Task.sleep(for: .milliseconds(30))) != nil else { break }
        }
        throw AlbumError(
            .readOnly,
            "another process is writing to \(folder): only one can, so stop the other one or choose another folder")
    }

    /// - Throws: When the album was not opened for writing, or a wipe cannot be ended.
    func checkWritable() throws(AlbumError) {
        if access == .readOnly { throw AlbumError(.readOnly, "\(folder) was opened for reading only") }
        if isClosed { throw AlbumError(.readOnly, "the album in \(folder) is closed") }
        try finishWipe()
    }

    // MARK: Looking

    /// How many pictures there are.
    public var count: Int { index.entries.count }

    /// A picture; nil when there is none of this number.
    public func picture(_ number: Int) -> Picture? {
        guard var entry = index[number] else { return nil }
        if entry.photoBytes == nil {
            entry.photoBytes = place.photoBytes(of: number)
            index[number] = entry
        }
        return Picture(entry, folder: folder)
    }

    /// The newest pictures, the newest first.
    ///
    /// - Parameters:
    ///   - number: Only pictures with smaller numbers are returned; nil for all.
    ///   - limit: The most pictures.
    /// - Returns: The pictures.
    public func pictures(before number: Int? = nil, limit: Int = 50) -> [Picture] {
        index.newest(before: number ?? .max, limit: limit).compactMap { picture($0.number) }
    }

    /// What has still to be painted, in the order of the pictures' numbers: photos that have no anime picture, in the
    /// style that they were taken for unless that failed, and styles that were wished for.
    public var pending: [Conversion] {
        get async {
            await learn(index.entries.filter { $0.isUnpainted && $0.firstStyle == nil }.map(\.number))
            return index.entries.filter { $0.isUnpainted || $0.hasWishes }.flatMap { entry in
                entry.waiting.map { Conversion(number: entry.number, style: $0) }
            }
        }
    }

    /// Bytes that can still be written to the folder's disk.
    public func freeBytes() throws(AlbumError) -> Int {
        do throws(FileFailure) {
            return try place.files.freeBytes(at: folder)
        } catch {
            throw AlbumError(error, "the free space of \(folder) cannot be found out")
        }
    }

    /// Everything that happens to the album from now on. A listener that does not keep up misses the oldest changes.
    public nonisolated func changes() -> AsyncStream<AlbumChange> {
        feed.subscribe()
    }

    /// - Returns: The picture, which was just changed and is on the disk.
    @discardableResult
    func tell(_ number: Int, _ change: (Picture) -> AlbumChange) throws(AlbumError) -> Picture {
        guard let picture = picture(number) else { throw noPicture(number) }
        feed.send(change(picture))
        return picture
    }

    func noPicture(_ number: Int) -> AlbumError {
        AlbumError(.notFound, "there is no picture \(PictureName.digits(number)) in \(folder)")
    }
}
