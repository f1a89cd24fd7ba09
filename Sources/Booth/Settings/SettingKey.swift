import Devices
import Logging
import Painting

/// A key of the configuration.
public enum SettingKey: String, CaseIterable, Sendable {
    case albumFolder = "album.folder"
    case modelsFolder = "models.folder"
    case modelSize = "models.size"
    case timeLimit = "models.time-limit"
    case style = "style"
    case size = "picture.size"
    case faces = "picture.faces"
    case crop = "picture.crop"
    case quality = "picture.quality"
    case threads = "engine.threads"
    case memoryLimit = "engine.memory-limit"
    case buttonPin = "button.pin"
    case buttonBias = "button.bias"
    case buttonActiveLow = "button.active-low"
    case lampPin = "lamp.pin"
    case lampActiveLow = "lamp.active-low"
    case flashPin = "flash.pin"
    case flashActiveLow = "flash.active-low"
    case flashUse = "flash.use"
    case cameraKind = "camera.kind"
    case cameraDevice = "camera.device"
    case cameraSize = "camera.size"
    case cameraRate = "camera.rate"
    case countdown = "countdown"
    case mostPictures = "retention.pictures"
    case leastFree = "retention.free-space"
    case shutdownCommand = "shutdown.command"
    case queueLength = "queue.length"
    case stateFolder = "state.folder"
    case web = "web.enabled"
    case webAddress = "web.address"
    case webPort = "web.port"
    case webName = "web.name"
    case webHosts = "web.hosts"
    case uploads = "web.uploads"
    case wifiName = "wifi.name"
    case wifiPassword = "wifi.password"
    case logLevel = "log.level"

    /// What is possible for a key.
    enum Values {
        case anything
        case number(ClosedRange<Int>, or: [String] = [])
        case seconds(ClosedRange<Double>)
        case choice([String])
        case flag
        case sides
        case line(or: [String])

        /// What is possible, as the end of a sentence.
        var description: String {
            switch self {
            case .anything: "any text is possible"
            case .number(let range, let words):
                "\(range.lowerBound) to \(range.upperBound)\(words.map { " or \($0)" }.joined()) are possible"
            case .seconds(let range): "\(range.lowerBound) to \(range.upperBound) seconds are possible"
            case .choice(let words): "\(words.joined(separator: ", ")) are possible"
            case .flag: "true and false are possible"
            case .sides: "WIDTHxHEIGHT is possible, such as 1280x960, with sides of 16 to 8192"
            case .line(let words):
                "a GPIO line (GPIO17, 17 or pinctrl-rp1:17)\(words.map { " or \($0)" }.joined()) is possible"
            }
        }

        func allows(_ text: String) -> Bool {
            switch self {
            case .anything: true
            case .number(let range, let words): words.contains(text) || Int(text).map(range.contains) ?? false
            case .seconds(let range): Self.seconds(text).map(range.contains) ?? false
            case .choice(let words): words.contains(text)
            case .flag: Self.flag(text) != nil
            case .sides: Self.sides(text) != nil
            case .line(let words): words.contains(text) || (try? GPIOAddress(text)) != nil
            }
        }

        static func flag(_ text: String) -> Bool? {
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }

        /// A number as people write it, 2 or 0.5.
        static func seconds(_ text: String) -> Double? {
            text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || 48...57 ~= $0 } ? Double(text) : nil
        }

        static func sides(_ text: String) -> (width: Int, height: Int)? {
            let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard sides.count == 2, sides.allSatisfy({ 16...8192 ~= $0 }) else { return nil }
            return (sides[0], sides[1])
        }
    }

    var values: Values {
        switch self {
        case .albumFolder, .modelsFolder, .style, .cameraDevice, .shutdownCommand, .stateFolder: .anything
        case .webAddress, .webName, .webHosts, .wifiName, .wifiPassword: .anything
        case .modelSize: .choice(["auto"] + ModelSize.allCases.map(\.rawValue))
        case .timeLimit: .seconds(0.01...600)
        case .web, .uploads: .flag
        case .webPort: .number(0...65_535)
        case .size: .number(16...32_768, or: ["full"])
        case .faces: .choice(Painter.Faces.allCases.map(\.rawValue))
        case .crop: .choice(PhotoCrop.Shape.allCases.map(\.rawValue))
        case .quality: .number(1...100)
        case .threads: .number(1...64, or: ["auto"])
        case .memoryLimit: .number(1...65_536, or: ["none"])
        case .buttonPin: .line(or: ["keyboard", "none"])
        case .buttonBias: .choice(GPIOBias.allCases.map(\.rawValue))
        case .lampPin: .line(or: ["terminal", "none"])
        case .flashPin: .line(or: ["none"])
        case .buttonActiveLow, .lampActiveLow, .flashActiveLow: .flag
        case .flashUse: .choice(FlashUse.allCases.map(\.rawValue))
        case .cameraKind: .choice(CameraChoice.kinds.map(\.key))
        case .cameraSize: .sides
        case .cameraRate: .number(1...120)
        case .countdown: .number(0...60)
        case .mostPictures: .number(1...1_000_000, or: ["all"])
        case .leastFree: .number(0...1_000_000)
        case .queueLength: .number(1...1000)
        case .logLevel: .choice(Logger.Level.allCases.map(\.rawValue))
        }
    }

    /// The value where nobody gives one.
    public var standard: String {
        switch self {
        case .albumFolder: "/var/lib/animesnap/album"
        case .modelsFolder: ""
        case .modelSize: "auto"
        case .timeLimit: "2"
        case .style: ModelLibrary.standardStyle
        case .size: "1280"
        case .faces: Painter.Faces.auto.rawValue
        case .crop: PhotoCrop.Shape.off.rawValue
        case .quality: "92"
        case .threads: "auto"
        case .memoryLimit: "none"
        case .buttonPin: "GPIO17"
        case .buttonBias: GPIOBias.pullUp.rawValue
        case .buttonActiveLow: "true"
        case .lampPin: "GPIO27"
        case .lampActiveLow: "false"
        case .flashPin: "none"
        case .flashActiveLow: "false"
        case .flashUse: FlashUse.light.rawValue
        case .cameraKind: "auto"
        case .cameraDevice: ""
        case .cameraSize: "1280x960"
        case .cameraRate: "15"
        case .countdown: "0"
        case .mostPictures: "all"
        case .leastFree: "200"
        case .shutdownCommand: ""
        case .queueLength: "8"
        case .stateFolder: "/var/lib/animesnap"
        case .web: "true"
        case .webAddress: "0.0.0.0"
        case .webPort: "8080"
        case .webName: "AnimeSnap"
        case .webHosts: "animesnap.local"
        case .uploads: "true"
        case .wifiName, .wifiPassword: ""
        case .logLevel: "info"
        }
    }

    /// The variable of the environment that sets it.
    public var variable: String {
        "ANIMESNAP_" + String(rawValue.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
    }

    /// A sentence that refuses a value; nil for a possible one.
    func refusal(of value: String) -> String? {
        values.allows(value) ? nil : "\(rawValue) is '\(value)'; \(values.description)"
    }

    /// A sentence that refuses a key that there is not.
    static func refusal(ofKey key: String) -> String {
        let below = allCases.filter { $0.rawValue.hasPrefix(key + ".") }.map(\.rawValue)
        let hint =
            below.isEmpty
            ? "the nearest is \(nearest(to: key, among: allCases.map(\.rawValue)))"
            : "there is \(below.joined(separator: ", "))"
        return "there is no key '\(key)'; \(hint) ('animesnap config print' shows all)"
    }

    static func nearest(to word: String, among words: [String]) -> String {
        words.min { editDistance($0, word) < editDistance($1, word) } ?? ""
    }
}

/// How many letters must be added, removed or changed to make one word of the other.
func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let changed = diagonal + (a == b ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(changed, diagonal + 1, row[j] + 1)
        }
    }
    return row[right.count]
}
