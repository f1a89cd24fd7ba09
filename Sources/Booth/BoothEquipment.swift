import Devices

/// What a booth is built of.
public struct BoothEquipment: Sendable {
    /// What people press.
    public var button: any Button
    /// What answers them.
    public var lamp: any Lamp
    /// What sees them.
    public var camera: any Camera
    /// A light or a buzzer.
    public var flash: (any OutputLine)?

    /// Puts devices together.
    public init(button: any Button, lamp: any Lamp, camera: any Camera, flash: (any OutputLine)? = nil) {
        self.button = button
        self.lamp = lamp
        self.camera = camera
        self.flash = flash
    }
}

/// What the second output line drives.
public enum FlashUse: String, CaseIterable, Sendable {
    /// A light that is on while the picture is taken.
    case light
    /// A buzzer that sounds with each beat of the countdown and with the picture.
    case buzzer
}

/// Choices of a booth.
public struct BoothOptions: Sendable {
    /// The style that comes first; the painter's first when it is nil or unknown.
    public var style: String?
    /// Seconds from the press to the picture.
    public var countdown = 0
    /// Pictures that may wait before presses are refused.
    public var queueLength = 8
    /// What the second line drives.
    public var flashUse = FlashUse.light
    /// The words of the command that a hold runs; none ends the program alone.
    public var shutdownCommand: [String] = []
    /// How often what is missing is tried again.
    public var retryInterval = Duration.seconds(3)
    /// How long the camera may take at the start before it counts as missing.
    public var cameraPatience = Duration.seconds(8)
    /// How often a picture is tried before it is given up.
    public var attempts = 3
    /// How often the health is told.
    public var healthInterval = Duration.seconds(10)

    /// The standard choices.
    public init() {}
}
