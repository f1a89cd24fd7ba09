import Appliance
import Glibc
import Painting
import Testing

@Suite("Which photo becomes which file")
struct ConversionJobsTests {
    private let folder = TemporaryFolder()

    private func jobs(_ inputs: [String], to output: String? = nil) throws -> [String] {
        let work = try ConversionJobs(inputs: inputs.map(path), output: output.map(path), style: "chalk")
        return work.jobs.map { job in
            let result = if case .file(let path) = job.result { path } else { "-" }
            return "\(short(job.photo.name)) > \(short(result))"
        }
    }

    private func path(_ name: String) -> String { name == "-" ? name : "\(folder.path)/\(name)" }
    private func short(_ path: String) -> String {
        path.hasPrefix(folder.path) ? String(path.dropFirst(folder.path.utf8.count + 1)) : path
    }

    private func refusal(_ inputs: [String], to output: String? = nil) -> String {
        do {
            _ = try jobs(inputs, to: output)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("a photo and a name that is not taken are photo and result")
    func pair() throws {
        folder.put("a.jpg")
        #expect(try jobs(["a.jpg", "new.jpg"]) == ["a.jpg > new.jpg"])
        #expect(try jobs(["a.jpg"]) == ["a.jpg > a-chalk.jpg"])
    }

    @Test("a second file that exists is not replaced without a word")
    func existing() {
        folder.put("a.jpg")
        folder.put("b.jpg")
        #expect(refusal(["a.jpg", "b.jpg"]).contains("exists: give -o"))
        #expect(refusal(["a.jpg"], to: "a.jpg").contains("is the photo itself"))
    }

    @Test("of a folder all photos are taken but those that were painted in this style")
    func wholeFolder() throws {
        folder.makeFolder("in")
        for name in ["b.JPG", "a.jpg", "a-chalk.jpg", "only-chalk.jpg", "notes.txt"] { folder.put("in/\(name)") }
        #expect(
            try jobs(["in"], to: "out") == [
                "in/a.jpg > out/a-chalk.jpg", "in/b.JPG > out/b-chalk.jpg",
                "in/only-chalk.jpg > out/only-chalk-chalk.jpg",
            ])
    }

    @Test("two photos never become one file, and no result replaces a photo")
    func collisions() {
        folder.makeFolder("in")
        folder.makeFolder("other")
        for name in ["in/a.jpg", "other/a.jpg", "a.jpg", "a-chalk.jpg"] { folder.put(name) }
        #expect(refusal(["in/a.jpg", "other/a.jpg"], to: "out/").contains("would both become"))
        #expect(refusal(["a.jpg", "a-chalk.jpg", "in/a.jpg"]).contains("would be replaced by the result of"))
    }

    @Test("standard input holds one picture and has no name of its own")
    func standardInput() throws {
        #expect(try jobs(["-"], to: "-") == ["standard input > -"])
        #expect(refusal(["-", "-"], to: "out/").contains("more than once"))
        #expect(refusal(["-"]).contains("needs -o"))
    }

    @Test("the folder for the results is made, and gone again when nothing came to lie in it")
    func newFolder() throws {
        folder.put("a.jpg")
        let work = try ConversionJobs(inputs: [path("a.jpg")], output: path("out/"), style: "chalk")
        try work.makeFolder()
        #expect(access(path("out"), F_OK) == 0)
        work.removeEmptyFolder()
        #expect(access(path("out"), F_OK) != 0)
    }
}
