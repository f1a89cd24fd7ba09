import Album
import Appliance
import ArgumentParser
import Booth
import Glibc
import Painting

struct AlbumCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "album",
        abstract: "Lists, exports and clears the pictures.",
        discussion: """
            'list' and 'export' work while 'animesnap run' does; the others need it to be
            stopped, as one program at a time writes to an album.
            """,
        subcommands: [
            ListPictures.self, ExportAlbum.self, PinPictures.self, UnpinPictures.self, DeletePictures.self,
            WipeAlbum.self,
        ])
}

/// Opens the album that the settings name.
private func opened(_ options: SettingsOptions, _ access: Album.Access) async throws -> Album {
    let settings = try options.load(board: Machine().model)
    return try await Album(
        folder: settings.albumFolder, options: Assembly.albumOptions(settings), access: access)
}

struct ListPictures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the pictures, the newest first.",
        usage: "animesnap album list [<options>]")

    @OptionGroup var settings: SettingsOptions

    @Flag(help: "Print a line of JSON per picture.")
    var json = false

    private struct Line: Encodable {
        let number: Int
        let photo: String
        let anime: [String]
        let failed: [String]
        let pinned: Bool
    }

    func run() throws {
        try waiting { [settings, json] in
            let album = try await opened(settings, .readOnly)
            var before: Int?
            while true {
                let pictures = await album.pictures(before: before, limit: 200)
                guard let last = pictures.last else { break }
                before = last.number
                for picture in pictures { try tell(json ? Self.json(picture) : Self.words(picture)) }
            }
        }
    }

    private static func json(_ picture: Picture) throws -> String {
        try jsonLine(
            Line(
                number: picture.number, photo: picture.photoPath, anime: picture.styles.map { picture.animePath($0) },
                failed: picture.failed, pinned: picture.isPinned))
    }

    private static func words(_ picture: Picture) -> String {
        var parts = picture.styles.isEmpty ? ["not painted yet"] : picture.styles
        parts += picture.failed.map { "\($0) failed" }
        if picture.isPinned { parts.append("pinned") }
        return "\(picture.photoPath): \(parts.joined(separator: ", "))"
    }
}

struct ExportAlbum: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Copies all photos and anime pictures to a folder, a USB stick say.",
        usage: "animesnap album export <folder> [<options>]",
        discussion: """
            Each copy is read back and compared. An export that was interrupted goes on
            when it is asked for again.
            """)

    @Argument(help: ArgumentHelp("Where to; it is made if it is not there.", valueName: "folder"))
    var folder: String

    @OptionGroup var settings: SettingsOptions

    func run() throws {
        try waiting { [settings, folder] in
            let album = try await opened(settings, .readOnly)
            let bar = ProgressBar(total: await album.count)
            let copied = try await album.export(to: folder) { done, _ in bar.show(done: done, name: folder) }
            bar.clear()
            try tell("\(copied) pictures are in \(folder)")
        }
    }
}

/// The numbers of pictures.
struct PictureNumbers: ParsableArguments {
    @Argument(help: ArgumentHelp("Numbers of pictures.", valueName: "number"))
    var numbers: [Int]
}

struct PinPictures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Keeps pictures when room has to be made.",
        usage: "animesnap album pin <number> ... [<options>]")

    @OptionGroup var pictures: PictureNumbers
    @OptionGroup var settings: SettingsOptions

    func run() throws {
        try waiting { [settings, pictures] in
            let album = try await opened(settings, .readWrite)
            for number in pictures.numbers { try await album.pin(number) }
        }
    }
}

struct UnpinPictures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin", abstract: "Lets pictures go when room has to be made.",
        usage: "animesnap album unpin <number> ... [<options>]")

    @OptionGroup var pictures: PictureNumbers
    @OptionGroup var settings: SettingsOptions

    func run() throws {
        try waiting { [settings, pictures] in
            let album = try await opened(settings, .readWrite)
            for number in pictures.numbers { try await album.unpin(number) }
        }
    }
}

struct DeletePictures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes pictures with everything that was made from them.",
        usage: "animesnap album delete <number> ... [<options>]")

    @OptionGroup var pictures: PictureNumbers
    @OptionGroup var settings: SettingsOptions

    func run() throws {
        try waiting { [settings, pictures] in
            let album = try await opened(settings, .readWrite)
            for number in pictures.numbers { try await album.delete(number) }
        }
    }
}

struct WipeAlbum: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wipe",
        abstract: "Deletes all pictures and checks that they are gone.",
        usage: "animesnap album wipe [<options>]",
        discussion: """
            Files that are not the album's stay. Numbers go on: none is used twice.
            """)

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var settings: SettingsOptions

    func run() throws {
        let folder = try settings.load(board: Machine().model).albumFolder
        if !yes {
            guard isatty(STDIN_FILENO) == 1 else {
                throw PaintingError("all pictures in \(folder) would be deleted; --yes says that this is meant")
            }
            note("Delete all pictures in \(folder)? Write 'wipe' and press enter: ")
            guard readLine() == "wipe" else { throw PaintingError("nothing was deleted") }
        }
        try waiting { [settings] in
            let album = try await opened(settings, .readWrite)
            let count = await album.count
            try await album.wipe()
            try tell("\(count) pictures were deleted from \(folder)")
        }
    }
}
