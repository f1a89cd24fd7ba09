/// How an appliance is.
public struct HealthEntry: Encodable, Sendable {
    /// The camera.
    public struct Camera: Encodable, Sendable {
        /// What it is called.
        public var name: String
        /// Milliseconds since its last frame.
        @OrNull public var frameAge: Int?
        /// How often it had to be started again.
        public var restarts: Int

        private enum CodingKeys: String, CodingKey {
            case name, restarts
            case frameAge = "frame_age_ms"
        }

        /// Makes an entry.
        public init(name: String, frameAge: Int?, restarts: Int) {
            self.name = name
            self.frameAge = frameAge
            self.restarts = restarts
        }
    }

    /// What waits to be painted.
    public struct Queue: Encodable, Sendable {
        /// Pictures that wait.
        public var waiting: Int
        /// Pictures that may wait.
        public var capacity: Int

        /// Makes an entry.
        public init(waiting: Int, capacity: Int) {
            self.waiting = waiting
            self.capacity = capacity
        }
    }

    /// Where it stands.
    public var state: StateEntry.Name = .ready
    /// The camera.
    public var camera: Camera
    /// What waits.
    public var queue: Queue
    /// When the last picture was taken, RFC 3339.
    @OrNull public var lastShot: String?
    /// Degrees Celsius.
    @OrNull public var temperature: Double?
    /// Whether the board slows itself down.
    @OrNull public var isThrottled: Bool?
    /// Megabytes that programs can still have.
    public var memoryFree = 0
    /// Megabytes that this program has.
    public var memoryResident = 0
    /// Megabytes of contiguous memory that are free.
    @OrNull public var contiguousMemoryFree: Int?
    /// Megabytes that are free where the album is.
    public var diskFree = 0
    /// Pictures in the album.
    public var pictures = 0
    /// Seconds since the program started.
    public var uptime = 0
    /// What is wrong, one sentence each.
    public var problems: [String] = []

    private enum CodingKeys: String, CodingKey {
        case state, camera, queue, pictures, problems
        case lastShot = "last_shot"
        case temperature = "temperature_c"
        case isThrottled = "throttled"
        case memoryFree = "memory_free_mb"
        case memoryResident = "memory_rss_mb"
        case contiguousMemoryFree = "cma_free_mb"
        case diskFree = "disk_free_mb"
        case uptime = "uptime_s"
    }

    /// Makes an entry of which the rest is to be filled in.
    public init(camera: Camera, queue: Queue) {
        self.camera = camera
        self.queue = queue
    }
}

/// How long a painting took, in milliseconds.
public struct StageTimes: Encodable, Sendable {
    /// When it ended, RFC 3339; nil when the clock is not trusted.
    @OrNull public var time: String?
    /// Finding faces.
    public var see: Double
    /// Painting them, each by itself.
    public var faces: Double
    /// Reading and resizing the photo.
    public var decode: Double
    /// The network that paints the scene.
    public var network: Double
    /// The network that doubles what was painted.
    public var enlarge: Double
    /// Writing the picture.
    public var encode: Double

    /// Makes an entry.
    public init(
        time: String?, see: Double = 0, faces: Double = 0, decode: Double, network: Double, enlarge: Double = 0,
        encode: Double
    ) {
        self.time = time
        self.see = see
        self.faces = faces
        self.decode = decode
        self.network = network
        self.enlarge = enlarge
        self.encode = encode
    }
}
