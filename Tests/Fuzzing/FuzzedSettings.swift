/// A file of settings that somebody wrote.
enum FuzzedSettings {
    /// The text of the file. What it is taken for, written down plainly, is taken for the same.
    static func read(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        do throws(BoothError) {
            let read = try YAMLText(String(decoding: input, as: UTF8.self), file: "settings.yaml").entries
            let lines = read.map { "\($0.key): '\($0.value.replacing("'", with: "''"))'\n" }
            for (entry, next) in zip(read, read.dropFirst()) {
                Fuzzing.require(entry.line < next.line, "two values in line \(next.line)")
            }
            for entry in read {
                Fuzzing.require(!entry.key.isEmpty, "a value without a key")
                Fuzzing.require(!entry.value.utf8.contains { $0 == 10 || $0 == 13 }, "a value of several lines")
            }
            let again = try YAMLText(lines.joined(), file: "plain.yaml").entries
            Fuzzing.require(
                again.map(\.key) == read.map(\.key) && again.map(\.value) == read.map(\.value), "values that change")
        } catch {
            Fuzzing.requireSentence(error.description)
        }
        return 0
    }
}
