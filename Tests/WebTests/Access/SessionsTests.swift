import HTTPTypes
import Synchronization
import Testing

import Web

@Suite("Sessions")
struct SessionsTests {
    @Test("a token is 256 bits as digits, and never the same")
    func tokens() {
        let sessions = Sessions()
        let tokens = (0..<20).map { _ in sessions.begin() }
        #expect(Set(tokens).count == 20)
        for token in tokens { #expect(token.count == 64 && token.allSatisfy(\.isHexDigit)) }
    }

    @Test("only a token that was given counts")
    func contain() {
        let sessions = Sessions()
        let token = sessions.begin()
        #expect(sessions.contain(token))
        for other in [nil, "", "0", String(token.dropLast()), token + "0", token.uppercased() + " "] {
            #expect(!sessions.contain(other))
        }
        #expect(!Sessions().contain(token))
    }

    @Test("a session ends alone")
    func end() {
        let sessions = Sessions()
        let (first, second) = (sessions.begin(), sessions.begin())
        sessions.end(first)
        sessions.end(nil)
        sessions.end("")
        #expect(!sessions.contain(first))
        #expect(sessions.contain(second))
    }

    @Test("another PIN ends the sessions of the one before")
    func newPin() {
        let pin = Mutex("first")
        let sessions = Sessions { pin.withLock { $0 } }
        let old = sessions.begin(edition: "first")
        #expect(sessions.contain(old))
        pin.withLock { $0 = "second" }
        #expect(!sessions.contain(old))
        #expect(!sessions.contain(sessions.begin(edition: "first")), "checked before and begun after the change")
        #expect(sessions.contain(sessions.begin(edition: "second")))
    }

    @Test("the 33rd session ends the oldest")
    func many() {
        let sessions = Sessions()
        let tokens = (0..<33).map { _ in sessions.begin() }
        #expect(!sessions.contain(tokens[0]))
        for token in tokens.dropFirst() { #expect(sessions.contain(token)) }
    }

    @Test(
        "the token is found among other cookies",
        arguments: [
            ("session=abc", "abc"), ("a=b; session=abc", "abc"), ("a=b;session=abc;c=d", "abc"),
            ("xsession=1; session=abc", "abc"), ("session=", ""),
        ])
    func cookie(_ text: String, _ token: String) { #expect(Sessions.token(in: [.cookie: text]) == token) }

    @Test("other cookies have no token", arguments: ["", "xsession=1", "Session=abc", "a=session=abc", "session"])
    func noCookie(_ text: String) { #expect(Sessions.token(in: [.cookie: text]) == nil) }

    @Test("secrets are compared as a whole")
    func comparison() {
        #expect(equalInConstantTime([], []))
        #expect(equalInConstantTime([1, 2], [1, 2]))
        #expect(!equalInConstantTime([1, 2], [1, 3]))
        #expect(!equalInConstantTime([0, 2], [1, 2]))
        #expect(!equalInConstantTime([1, 2], [1]))
    }
}
