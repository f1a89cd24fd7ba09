/// Settings that suit a board.
public struct BoardProfile: Equatable, Sendable {
    /// What people call the board.
    public let name: String
    /// The values that differ from the built-in ones.
    let values: [SettingKey: String]

    private init(_ name: String, _ values: [SettingKey: String]) {
        self.name = name
        self.values = values
    }

    /// The profile of the board with this device tree model; nil stands for a machine without one.
    public init(model: String?) {
        let model = model ?? ""
        let known = Self.known.first { profile in profile.marks.contains { model.contains($0) } }
        self = known?.profile ?? (model.contains("Raspberry Pi") ? Self.pi3 : Self.computer)
    }

    private static let known: [(marks: [String], profile: BoardProfile)] = [
        (["Pi Zero 2"], zero2W), (["Pi 3", "Compute Module 3"], pi3), (["Pi 4", "Compute Module 4"], pi4),
        (["Pi 5", "Compute Module 5"], pi5),
    ]

    private static let poweroff = "/usr/bin/systemctl poweroff"

    /// 512 MB, of which the camera's buffers take a part: the network keeps to little.
    static let zero2W = BoardProfile(
        "Raspberry Pi Zero 2 W",
        [.memoryLimit: "48", .cameraRate: "10", .leastFree: "500", .shutdownCommand: poweroff])
    static let pi3 = BoardProfile(
        "Raspberry Pi 3", [.memoryLimit: "96", .leastFree: "500", .shutdownCommand: poweroff])
    static let pi4 = BoardProfile(
        "Raspberry Pi 4", [.memoryLimit: "192", .leastFree: "500", .shutdownCommand: poweroff])
    /// The only one that has the time for larger pictures, and to encode a stream of that size beside painting. The others
    /// encode their streams with the processor too, and what is larger than the finished picture would cost it for nothing.
    static let pi5 = BoardProfile(
        "Raspberry Pi 5",
        [
            .size: "1920", .cameraSize: "1920x1440", .memoryLimit: "256", .leastFree: "500",
            .shutdownCommand: poweroff,
        ])
    /// A machine without GPIO lines for people: keyboard and terminal.
    static let computer = BoardProfile(
        "generic PC",
        [
            .buttonPin: "keyboard", .lampPin: "terminal", .albumFolder: "~/Pictures/AnimeSnap",
            .stateFolder: "~/.local/state/animesnap",
        ])
}
