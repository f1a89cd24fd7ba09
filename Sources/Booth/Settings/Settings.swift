import Devices
import Glibc
import Imaging
import Logging
import Painting

/// What the booth is to be like, from all sources together.
public struct Settings: Sendable {
    /// A value and where it came from.
    public struct Entry: Sendable {
        /// The key.
        public let key: SettingKey
        /// The value as it was written.
        public let value: String
        /// The source, "/etc/animesnap/animesnap.yaml line 3" say.
        public let origin: String
    }

    /// Where presses come from.
    public enum ButtonChoice: Equatable, Sendable {
        case line(GPIOAddress)
        case keyboard
        case none
    }

    /// Where the lamp is.
    public enum LampChoice: Equatable, Sendable {
        case line(GPIOAddress)
        case terminal
        case none
    }

    /// All keys in their order.
    public let entries: [Entry]
    /// What is set of drawn styles, in the order of the names.
    public let styleSettings: [StyleSetting]
    /// The board's profile.
    public let profile: BoardProfile

    init(entries: [Entry], styleSettings: [StyleSetting], profile: BoardProfile) {
        self.entries = entries
        self.styleSettings = styleSettings
        self.profile = profile
    }

    /// The value of a key, as it was written.
    public subscript(key: SettingKey) -> String { entries.first { $0.key == key }?.value ?? key.standard }

    /// Whether the host chose the value on the web pages.
    public func isChosen(_ key: SettingKey) -> Bool {
        entries.first { $0.key == key }?.origin.contains("/\(ChosenSettings.fileName) line ") ?? false
    }

    private func flag(_ key: SettingKey) -> Bool { SettingKey.Values.flag(self[key]) ?? false }
    private func number(_ key: SettingKey) -> Int? { Int(self[key]) }

    /// The folder of pictures; a ~ at its begin is the user's home.
    public var albumFolder: String { Self.expand(self[.albumFolder]) }

    /// Where models are looked for.
    public var library: ModelLibrary {
        let folder = Self.expand(self[.modelsFolder])
        return folder.isEmpty ? .standard : ModelLibrary(folders: [folder])
    }

    /// Where models are that people bring.
    public var broughtModelsFolder: String { "\(albumFolder)/models" }

    /// The size of models that is asked for; nil for the one that suits the board.
    public var modelSize: ModelSize? { ModelSize(rawValue: self[.modelSize]) }

    /// How many seconds a finished picture may take, where no size of models is asked for.
    public var timeLimit: Double { SettingKey.Values.seconds(self[.timeLimit]) ?? SizeRule().timeLimit }

    /// Which of the sizes of a style paints, on a board whose speed is known or not.
    public func sizeRule(speed: PaintingSpeed?) -> SizeRule {
        var rule = SizeRule()
        rule.wish = modelSize
        rule.timeLimit = timeLimit
        rule.speed = speed
        rule.photo = PictureSize(width: cameraMode.width, height: cameraMode.height)
        return rule
    }

    /// Where the networks are that belong to the program: people who have a folder for models of their own need not copy
    /// those into it.
    public var networkLibrary: ModelLibrary {
        let own = Self.expand(self[.modelsFolder])
        return ModelLibrary(folders: (own.isEmpty ? [] : [own]) + ModelLibrary.standard.folders)
    }

    /// The threads that paint.
    public var threads: Int { number(.threads) ?? min(64, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// What is done with faces.
    public var faces: Painter.Faces { Painter.Faces(rawValue: self[.faces]) ?? .auto }

    /// Choices for pictures. The files of the program's networks are opened for it.
    public var painterOptions: Painter.Options {
        var options = Painter.Options()
        options.size = number(.size).map { .longestSide($0) } ?? .full
        options.faces = faces
        options.crop = PhotoCrop.Shape(rawValue: self[.crop]) ?? .off
        options.quality = number(.quality) ?? options.quality
        options.threads = threads
        options.memoryLimit = number(.memoryLimit).map { $0 << 20 }
        options.useNetworks(of: networkLibrary)
        return options
    }

    /// The button.
    public var button: ButtonChoice {
        switch self[.buttonPin] {
        case "keyboard": .keyboard
        case "none": .none
        case let line: (try? GPIOAddress(line)).map { .line($0) } ?? .none
        }
    }

    /// How the button's line is taken.
    public var buttonOptions: GPIOOptions {
        GPIOOptions(bias: GPIOBias(rawValue: self[.buttonBias]) ?? .pullUp, isActiveLow: flag(.buttonActiveLow))
    }

    /// The lamp.
    public var lamp: LampChoice {
        switch self[.lampPin] {
        case "terminal": .terminal
        case "none": .none
        case let line: (try? GPIOAddress(line)).map { .line($0) } ?? .none
        }
    }

    /// Whether 0 V lights the lamp.
    public var isLampActiveLow: Bool { flag(.lampActiveLow) }

    /// The light's or buzzer's line.
    public var flash: GPIOAddress? { self[.flashPin] == "none" ? nil : try? GPIOAddress(self[.flashPin]) }

    /// Whether 0 V switches it on.
    public var isFlashActiveLow: Bool { flag(.flashActiveLow) }

    /// The camera.
    public var camera: CameraChoice {
        let device = self[.cameraDevice].isEmpty ? "" : ":\(Self.expand(self[.cameraDevice]))"
        return (try? CameraChoice(self[.cameraKind] + device)) ?? .auto
    }

    /// What the camera is asked for.
    public var cameraMode: CameraMode {
        let sides = SettingKey.Values.sides(self[.cameraSize]) ?? (1280, 960)
        return CameraMode(width: sides.width, height: sides.height, rate: number(.cameraRate) ?? 15)
    }

    /// Pictures that are kept; nil for all that fit.
    public var mostPictures: Int? { number(.mostPictures) }

    /// Bytes of the disk that stay free.
    public var leastFreeBytes: Int { (number(.leastFree) ?? 200) << 20 }

    /// Where the program keeps what it has to know after a restart.
    public var stateFolder: String { Self.expand(self[.stateFolder]) }

    /// Whether the pictures are shown on the network.
    public var isWebEnabled: Bool { flag(.web) }

    /// The port of the web server.
    public var webPort: Int { number(.webPort) ?? 8080 }

    /// Whether guests may upload.
    public var allowsUploads: Bool { flag(.uploads) }

    /// The size of anime pictures: their longest side; nil for the photo's own.
    public var animeSide: Int? { number(.size) }

    /// What the booth leaves out of its log: everything below.
    public var logLevel: Logger.Level { Logger.Level(rawValue: self[.logLevel]) ?? .info }

    /// The booth's part.
    public var boothOptions: BoothOptions {
        var options = BoothOptions()
        options.countdown = number(.countdown) ?? 0
        options.queueLength = number(.queueLength) ?? options.queueLength
        options.flashUse = FlashUse(rawValue: self[.flashUse]) ?? .light
        options.shutdownCommand = self[.shutdownCommand].split(separator: " ").map(String.init)
        return options
    }

    private static func expand(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
        return String(cString: home) + path.dropFirst()
    }
}
