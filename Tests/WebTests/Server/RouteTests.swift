import Hummingbird
import Testing

import Web

@Suite("Routes")
struct RouteTests {
    private func match(_ route: String, _ path: String) -> [String: String]? {
        Route(.get, route) { _ in .nothing }.match(path.split(separator: "/", omittingEmptySubsequences: false))
    }

    @Test("a path matches itself and nothing else")
    func plain() {
        #expect(match("/api/jobs", "/api/jobs") == [:])
        for path in ["/", "", "/api", "/api/jobs/", "/api//jobs", "//api/jobs", "/api/jobs/1", "/API/jobs", "api/jobs"]
        {
            #expect(match("/api/jobs", path) == nil, "\(path)")
        }
    }

    @Test("a segment in braces stands for any text that is not empty")
    func braces() {
        #expect(match("/api/pictures/{number}", "/api/pictures/42") == ["number": "42"])
        #expect(match("/api/pictures/{number}", "/api/pictures/..") == ["number": ".."])
        #expect(match("/api/pictures/{number}/pin", "/api/pictures/a b/pin") == ["number": "a b"])
        for path in ["/api/pictures/", "/api/pictures", "/api/pictures/1/2", "/api/pictures//"] {
            #expect(match("/api/pictures/{number}", path) == nil, "\(path)")
        }
    }

    @Test("text may stand around the braces")
    func around() {
        #expect(match("/styles/{name}.jpg", "/styles/chalk.jpg") == ["name": "chalk"])
        #expect(match("/styles/{name}.jpg", "/styles/a.jpg.jpg") == ["name": "a.jpg"])
        for path in ["/styles/.jpg", "/styles/chalk", "/styles/chalk.jpeg", "/styles/jpg"] {
            #expect(match("/styles/{name}.jpg", path) == nil, "\(path)")
        }
    }
}

@Suite("Objects of requests")
struct JSONObjectTests {
    private func object(_ text: String, _ keys: String...) throws -> JSONObject {
        try JSONObject(Array(text.utf8), keys: keys)
    }

    private func status(_ body: () throws -> Any?) -> Int? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? Problem)?.status.code
        }
    }

    @Test("values are read by their keys")
    func values() throws {
        let object = try object(#"{"a":"x","b":true,"c":3,"d":null}"#, "a", "b", "c", "d")
        #expect(try object.text("a") == "x")
        #expect(try object.flag("b") == true)
        #expect(try object.integer("c", in: 0...3) == 3)
        #expect(object.isNull("d") && !object.isNull("a") && !object.isNull("e"))
        #expect(object.isText("x", "a") && !object.isText("y", "a") && !object.isText("x", "b"))
    }

    @Test("what is not there is nil")
    func missing() throws {
        for text in ["", "{}"] {
            let object = try object(text, "a")
            #expect(try object.text("a") == nil && object.flag("a") == nil && object.integer("a", in: 0...1) == nil)
        }
    }

    @Test("a value of another kind is refused with its key")
    func kinds() throws {
        let object = try object(#"{"a":1,"b":"true","c":1.5,"d":null,"e":[1],"f":10}"#, "a", "b", "c", "d", "e", "f")
        #expect(status { try object.text("a") } == 422)
        #expect(status { try object.text("d") } == 422)
        #expect(status { try object.flag("b") } == 422)
        #expect(status { try object.flag("a") } == 422)
        for key in ["b", "c", "d", "e", "f"] { #expect(status { try object.integer(key, in: 0...9) } == 422) }
        let problem = #expect(throws: Problem.self) { try object.integer("f", in: 0...9) }
        #expect(problem?.detail == #""f" has to be a whole number from 0 to 9."#)
    }

    @Test("an unknown key is refused, and those that are known are named")
    func unknown() {
        let problem = #expect(throws: Problem.self) { try object(#"{"a":1,"z":1}"#, "a", "b") }
        #expect(problem?.status.code == 422)
        #expect(problem?.detail == #""z" is not known here; known is "a", "b"."#)
    }

    @Test(
        "what is no object is refused",
        arguments: ["[]", "1", "\"a\"", "null", "{", "{\"a\":}", "nonsense", "{\"a\":1}x", "\u{0}", "{'a':1}"])
    func noObject(_ text: String) { #expect(status { try object(text, "a") } == 400) }

    @Test("a deep nest is refused and does no harm")
    func deep() {
        let text = #"{"a":"# + String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000) + "}"
        #expect(status { try object(text, "a") } == 400)
    }

    @Test("bytes that are no UTF-8 are refused")
    func noText() {
        #expect(status { try JSONObject([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D], keys: ["a"]) } != nil)
    }
}
