import FoundationEssentials
import Glibc
import Testing

@Suite("run with the web pages", .serialized, .onRealProcessors)
struct WebRunTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var state: [String] { ["--set", "state.folder=\(folder("state"))"] }

    private func start() throws -> (appliance: RunningAppliance, web: LocalWeb) {
        let appliance = try RunningAppliance(
            album: folder("album"), ["--port", "0", "--set", "web.address=127.0.0.1"] + state, isWeb: true)
        try appliance.wait(for: "lamp: ready")
        try appliance.wait(for: "web: http")
        return (appliance, try LocalWeb(said: appliance.said))
    }

    /// The numbers of the pictures that are painted in a style, newest first.
    private func painted(_ web: LocalWeb, _ style: String) throws -> [Int] {
        struct Page: Decodable {
            struct Picture: Decodable { let number: Int }
            let pictures: [Picture]
        }
        let answer = try web.ask("GET", "/api/pictures?style=\(style)")
        return try JSONDecoder().decode(Page.self, from: Data(answer.body)).pictures.map(\.number)
    }

    private func wait(_ what: String, until isSo: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while try !isSo() {
            try #require(ContinuousClock.now < deadline, "not within five minutes: \(what)")
            usleep(20_000)
        }
    }

    /// The PIN that it shows when it made one.
    private func shownPin(_ appliance: RunningAppliance) throws -> String {
        String(try #require(appliance.said.firstMatch(of: /the host's PIN is (\d{6});/)).1)
    }

    @Test("tells the version that the command tells, in its interface and in the document of it")
    func version() throws {
        struct Session: Decodable { let version: String }
        struct Document: Decodable { let info: Session }
        let (appliance, web) = try start()
        let version = try animesnap("--version").text.dropLast()
        let session = try JSONDecoder().decode(Session.self, from: Data(web.ask("GET", "/api/session").body))
        let document = try JSONDecoder().decode(Document.self, from: Data(web.ask("GET", "/api/openapi.json").body))
        #expect(session.version == version && document.info.version == version)
        #expect(try appliance.terminate().code == 0)
    }

    @Test("shows the pages, takes a picture for who knows the PIN, and ends within five seconds when it is told to")
    func pages() throws {
        var (appliance, web) = try start()
        let page = try web.ask("GET", "/")
        #expect(page.status == 200 && page.text.contains("<html"))
        let health = try web.ask("GET", "/api/health")
        #expect(health.status == 200 && health.text.contains(#""state":"ready""#), "\(health.text)")

        #expect(try web.ask("POST", "/api/snap", "{}").status == 403)
        let pin = try shownPin(appliance)
        #expect(try web.enter(String(pin.reversed()) == pin ? "x" : String(pin.reversed())) == 403)
        #expect(try web.enter(pin) == 204)
        #expect(try web.ask("POST", "/api/snap", #"{"style":"cute"}"#).status == 202)
        try wait("the picture is in the list") { try painted(web, "cute") == [1] }
        let file = try web.ask("GET", "/files/0001-cute.jpg")
        #expect(file.status == 200 && file.body == folder.bytes("album/0001-cute.jpg"))

        let ending = try appliance.terminate()
        #expect(ending.code == 0 && ending.time < .seconds(5))
    }

    @Test("paints a picture anew in another size")
    func size() throws {
        var (appliance, web) = try start()
        #expect(try web.enter(shownPin(appliance)) == 204)
        #expect(try web.ask("POST", "/api/snap", #"{"style":"cute"}"#).status == 202)
        try wait("the picture is painted") { try painted(web, "cute") == [1] }
        let small = folder.bytes("album/0001-cute.jpg")
        #expect(try web.ask("POST", "/api/pictures/1/conversions", #"{"style":"cute"}"#).status == 409)
        #expect(try web.ask("POST", "/api/pictures/1/conversions", #"{"style":"cute","size":256}"#).status == 202)
        try appliance.wait(for: "painted as cute", times: 2)
        let (before, after) = (try decode(small), try decode(folder.bytes("album/0001-cute.jpg")))
        #expect(max(before.width, before.height) == 128 && max(after.width, after.height) == 256)
        _ = try appliance.terminate()
    }

    @Test("'animesnap pin' makes a PIN that counts at once, for a running appliance too, and ends the host's sessions")
    func pin() throws {
        var (appliance, web) = try start()
        let first = try shownPin(appliance)
        #expect(try web.enter(first) == 204)
        #expect(try web.ask("GET", "/api/settings").status == 200)
        let outcome = try animesnap(["pin"] + state)
        expectSuccess(outcome)
        let second = outcome.text.filter { $0 != "\n" }
        #expect(second.count == 6 && second.allSatisfy { $0.isASCII && $0.isNumber })
        #expect(try web.ask("GET", "/api/settings").status == 403)
        #expect(try web.enter(second) == 204)
        #expect(try web.ask("GET", "/api/settings").status == 200)
        if first != second { #expect(try web.enter(first) == 403) }
        _ = try appliance.terminate()

        // The PIN outlives the restart, and is not shown again.
        var (again, other) = try start()
        #expect(!again.said.contains("the host's PIN is"))
        #expect(try other.enter(second) == 204)
        _ = try again.terminate()
    }
}
