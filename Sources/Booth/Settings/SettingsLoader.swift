import Configuration
import Devices
import Glibc
import Painting
import Platform
import Synchronization

/// Reads the settings from all sources: built-in values, the board's profile, the file, the environment and flags,
/// each of which counts more than those before it.
public struct SettingsLoader {
    /// A value that was given on the command line.
    public struct Flag: Sendable {
        /// The flag as it was written, "--style" say.
        public let name: String
        /// The key; not checked yet.
        public let key: String
        /// The value; not checked yet.
        public let value: String

        /// A flag.
        public init(name: String, key: String, value: String) {
            self.name = name
            self.key = key
            self.value = value
        }
    }

    /// Where the file is when none is named.
    public static let standardFile = "/etc/animesnap/animesnap.yaml"

    /// Variables that steer the program and its tests, and are no settings.
    private static let otherVariables = [
        "ANIMESNAP_WEIGHTS", "ANIMESNAP_ISA", "ANIMESNAP_ROOT", "ANIMESNAP_BINARY", "ANIMESNAP_LAUNCHER",
        "ANIMESNAP_EMULATED", "ANIMESNAP_CACHE", "ANIMESNAP_FAULTS", "ANIMESNAP_KILLS",
    ]

    /// One source.
    private struct Layer {
        let name: String
        var values: [SettingKey: (value: String, origin: String)] = [:]
        var styles: [StyleSetting] = []

        /// Takes a value if key and value are possible.
        mutating func add(_ key: String, _ value: String, origin: String) throws(BoothError) {
            if StyleSetting.owns(key) {
                styles.append(try StyleSetting(key, value, origin: origin))
                return
            }
            guard let known = SettingKey(rawValue: key) else {
                throw BoothError("\(origin): \(SettingKey.refusal(ofKey: key))")
            }
            if let refusal = known.refusal(of: value) { throw BoothError("\(origin): \(refusal)") }
            values[known] = (value, origin)
        }

        var provider: InMemoryProvider {
            let pairs = values.map { key, value in
                (AbsoluteConfigKey(ConfigKey(key.rawValue)), ConfigValue(.string(value.value), isSecret: false))
            }
            return InMemoryProvider(name: name, values: Dictionary(uniqueKeysWithValues: pairs))
        }
    }

    /// Reads all sources.
    ///
    /// - Parameters:
    ///   - file: The file; nil for the standard one, which need not be there.
    ///   - chosen: The file of what the host chose on the web pages; it counts more than `file` and need not be there.
    ///   - environment: Variables.
    ///   - flags: What was given on the command line.
    ///   - model: The board, as its device tree calls it.
    /// - Returns: The settings with where each came from.
    /// - Throws: ``BoothError`` for a key that there is not or a value that is not possible, wherever it stands.
    public static func load(
        file: String? = nil, chosen: String? = nil, environment: [String: String], flags: [Flag] = [], model: String?
    ) throws(BoothError) -> Settings {
        let profile = BoardProfile(model: model)
        var standard = Layer(name: "built-in")
        for key in SettingKey.allCases { standard.values[key] = (key.standard, "built-in") }
        var board = Layer(name: "profile")
        for (key, value) in profile.values { board.values[key] = (value, "profile of \(profile.name)") }
        let layers = [
            try read(flags), try read(environment), try read(chosen: chosen), try read(file), board, standard,
        ]

        let origins = OriginRecorder()
        let reader = ConfigReader(providers: layers.map(\.provider), accessReporter: origins)
        let entries = SettingKey.allCases.map { key in
            let value = reader.string(forKey: ConfigKey(key.rawValue), default: key.standard)
            let source = origins.provider(of: key.rawValue)
            let layer = layers.first { $0.provider.providerName == source }
            return Settings.Entry(key: key, value: value, origin: layer?.values[key]?.origin ?? "built-in")
        }
        // The first layer that names a key counts.
        let styles = Dictionary(layers.flatMap(\.styles).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let settings = Settings(
            entries: entries, styleSettings: styles.values.sorted { $0.name < $1.name }, profile: profile)
        try check(settings)
        return settings
    }

    /// What only shows when values are put together.
    private static func check(_ settings: Settings) throws(BoothError) {
        let kind = settings[.cameraKind]
        let device = settings[.cameraDevice]
        guard !device.isEmpty else { return }
        let origin = settings.entries.first { $0.key == .cameraDevice }?.origin ?? ""
        do throws(DeviceError) {
            _ = try CameraChoice("\(kind):\(device)")
        } catch {
            let possible = CameraChoice.kinds.map { "\($0.value) for \($0.key)" }.joined(separator: ", ")
            throw BoothError(
                "\(origin): camera.device is '\(device)', and camera.kind \(kind); possible are \(possible)")
        }
    }

    private static func read(_ flags: [Flag]) throws(BoothError) -> Layer {
        var layer = Layer(name: "flags")
        for flag in flags { try layer.add(flag.key, flag.value, origin: flag.name) }
        return layer
    }

    private static func read(_ environment: [String: String]) throws(BoothError) -> Layer {
        var layer = Layer(name: "environment")
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix("ANIMESNAP_") && !otherVariables.contains(name) {
            guard let key = SettingKey.allCases.first(where: { $0.variable == name }) else {
                let near = SettingKey.nearest(to: name, among: SettingKey.allCases.map(\.variable) + otherVariables)
                throw BoothError("the environment has \(name), which means nothing; the nearest is \(near)")
            }
            try layer.add(key.rawValue, value, origin: "environment \(name)")
        }
        return layer
    }

    private static func read(chosen path: String?) throws(BoothError) -> Layer {
        guard let path, access(path, F_OK) == 0 else { return Layer(name: "chosen") }
        return try read(path, into: Layer(name: "chosen"))
    }

    private static func read(_ file: String?) throws(BoothError) -> Layer {
        let path = file ?? standardFile
        if file == nil, access(path, F_OK) != 0 { return Layer(name: "file") }
        return try read(path, into: Layer(name: "file"))
    }

    private static func read(_ path: String, into empty: Layer) throws(BoothError) -> Layer {
        var layer = empty
        let text: String
        do throws(SystemError) {
            text = try FileContent.text(of: path)
        } catch {
            throw BoothError("\(path) cannot be read: \(error.words)")
        }
        for entry in try YAMLText(text, file: path).entries {
            try layer.add(entry.key, entry.value, origin: "\(path) line \(entry.line)")
        }
        return layer
    }
}

/// Notes which source a value came from.
private final class OriginRecorder: AccessReporter {
    private let providers = Mutex<[String: String]>([:])

    func report(_ event: AccessEvent) {
        let source = event.providerResults.first { result in
            if case .success(let lookup) = result.result { lookup.value != nil } else { false }
        }
        guard let source else { return }
        providers.withLock { $0[event.metadata.key.components.joined(separator: ".")] = source.providerName }
    }

    func provider(of key: String) -> String? { providers.withLock { $0[key] } }
}
