import Testing
import Web

@Suite("Numbers of drawn styles")
struct StyleRouteTests {
    @Test("are read, set and tried by the host")
    func numbers() async throws {
        try await withServer { site in
            let token = try await site.enter()
            let values = try await site.get("/api/styles/chalk/values", cookie: token)
            #expect(
                values.status == 200 && values.json.values[0].keys == ["key", "least", "most", "standard", "value"])
            #expect(values.json.values[0].key == "eyes" && values.json.values[0].value == 1.25)
            let set = try await site.send("PUT", "/api/styles/chalk/values", #"{"eyes":1.5}"#, cookie: token)
            #expect(set.status == 200 && set.json == values.json)
            let trial = try await site.send("POST", "/api/styles/chalk/trials", #"{"eyes":1}"#, cookie: token)
            #expect(trial.status == 200 && trial["content-type"] == "image/jpeg")
            let jpeg = try VirtualAppliance.jpeg(77)
            #expect(trial["cache-control"] == "no-store" && trial.body == jpeg)
            #expect(site.appliance.deeds == [.setValues(["eyes": 1.5], "chalk")])
        }
    }

    @Test(
        "are refused where they are none",
        arguments: [
            ("PUT", "cute/values", "{}", 404), ("PUT", "chalk/values", #"{"ears":1}"#, 422),
            ("PUT", "chalk/values", #"{"eyes":"1"}"#, 422), ("PUT", "chalk/values", #"{"eyes":null}"#, 422),
            ("PUT", "chalk/values", #"{"eyes":true}"#, 422), ("PUT", "chalk/values", "[1]", 400),
            ("POST", "cute/trials", "{}", 404), ("POST", "chalk/trials", #"{"eyes":[1]}"#, 422),
            (
                "POST", "chalk/trials",
                #"{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":1}"#, 422
            ),
        ])
    func refused(_ method: String, _ path: String, _ body: String, _ status: Int) async throws {
        try await withServer { site async throws in
            let answer = try await site.send(method, "/api/styles/\(path)", body, cookie: try await site.enter())
            #expect(answer.isProblem(status), "\(answer.status) \(answer.text)")
            #expect(site.appliance.deeds.isEmpty)
        }
    }

    @Test("are told of by the list of styles: some are drawn and some not")
    func list() async throws {
        try await withServer { site in
            let styles = try await site.get("/api/styles").json.styles
            #expect(styles[0].drawn == true && styles[1].drawn == false)
        }
    }
}
