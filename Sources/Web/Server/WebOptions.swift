import Imaging

/// Choices of the web server. Times and caps are here so that tests can make them small.
public struct WebOptions: Sendable {
    /// The address that it listens on.
    public var address = "0.0.0.0"
    /// The port; 0 takes a free one.
    public var port = 8080
    /// What the pages are headed.
    public var name = "AnimeSnap"
    /// The version of the program that serves.
    public var version = "unknown"
    /// Host names that requests may use besides the machine's own names and addresses.
    public var hostNames: [String] = ["animesnap.local"]
    /// The folder that keeps the PIN's hash; nil keeps it in memory, so that each start makes a new PIN.
    public var stateFolder: String?
    /// The Wi-Fi that the host can show as a QR code.
    public var wifi: WifiNetwork?
    /// What connections may take.
    public var limits = ConnectionLimits()
    /// The longest upload in bytes, for each photo.
    public var mostUploadBytes = 25_000_000
    /// What an uploaded picture may ask for when it is decoded. While an upload is checked, and later while its preview
    /// is made beside a painting, the process stays below 64 MB.
    public var pictureLimits = PictureLimits(
        pixels: 50_000_000, side: 16_384, scanBytes: 80_000_000, packedScanBytes: 8_000_000, inputBytes: 25_000_000)
    /// Uploads that are taken in at once; as many again may wait.
    public var mostUploads = 2
    /// How long an upload waits for its turn.
    public var uploadPatience = Duration.seconds(8)
    /// Event streams that are open at once.
    public var mostEventStreams = 100
    /// Event streams of one address. All guests of a Wi-Fi behind a router have one: fifty of them listen, and some with
    /// a second device. Who comes from another address still gets a stream, when need be for one of these.
    public var mostEventStreamsPerAddress = 64
    /// Clients that watch the preview at once.
    public var mostViewers = 64
    /// Clients of one address that watch it.
    public var mostViewersPerAddress = 56
    /// The longest side of preview pictures in pixels.
    public var previewSide = 640
    /// How long a long poll waits for a frame.
    public var previewPatience = Duration.seconds(10)
    /// How often the health is told and kept.
    public var healthInterval = Duration.seconds(15)
    /// How long requests may go on when the server stops.
    public var stopPatience = Duration.seconds(3)

    /// The standard choices.
    public init() {}
}

/// What connections may take, in number and in time.
public struct ConnectionLimits: Sendable {
    /// Connections in all.
    public var connections = 320
    /// Connections of one address: fifty guests behind a router, each with an event stream and four more. Browsers keep
    /// connections open that they may use again; those are ended when others come, so that more of them find room. A
    /// fifth of all is left to other addresses, and beyond that they get places of the address with most.
    public var connectionsPerAddress = 256
    /// From the connection to the first complete head.
    public var firstHead = Duration.seconds(10)
    /// From a response to the next complete head.
    public var idle = Duration.seconds(30)
    /// How long a body may stand still.
    public var bodyStill = Duration.seconds(15)
    /// The least speed of a body, in bytes per second, once it took longer than `bodyStill`.
    public var bodyRate = 4096
    /// Bytes that the kernel takes for a client before they can be sent.
    public var unsentBytes = 131_072
    /// How long a response may wait for a client that does not read.
    public var writeStill = Duration.seconds(20)
    /// The least a client has to read in that time, in bytes.
    public var writeLeast = 4096
    /// Bytes of all header fields.
    public var headerBytes = 16_384
    /// Header fields.
    public var headerFields = 64

    /// The standard limits.
    public init() {}
}

/// A Wi-Fi network that guests may join.
public struct WifiNetwork: Sendable {
    /// Its name.
    public var name: String
    /// Its password; nil for an open one.
    public var password: String?

    /// Names a network.
    public init(name: String, password: String?) {
        self.name = name
        self.password = password
    }
}
