import Glibc

// Feeds what libFuzzer (https://llvm.org/docs/LibFuzzer.html), which brings the main function, makes up to the readers
// of what others made.
//
// The variable ANIMESNAP_FUZZED names the reader; the program that `seeds FOLDER` is given to writes small valid inputs
// to a folder of FOLDER for each of them instead. All other arguments are libFuzzer's.

/// The readers by their names.
private let readers: [String: @Sendable (UnsafeBufferPointer<UInt8>) -> CInt] = [
    "onnx": FuzzedNetwork.read, "model": FuzzedModel.read, "photo": FuzzedPhoto.read, "exif": FuzzedPhoto.readExif,
    "form": FuzzedForm.read, "range": FuzzedForm.readRange, "settings": FuzzedSettings.read,
]

/// Which reader this process tries. Set once, before the first input.
private nonisolated(unsafe) var target: (UnsafeBufferPointer<UInt8>) -> CInt = FuzzedNetwork.read

/// Chooses what is fuzzed, before libFuzzer begins.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>, _ values: UnsafeMutableRawPointer
) -> CInt {
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == "seeds" {
        do { try Seeds.write(to: arguments[2]) } catch { fatalError("\(error)") }
        exit(0)
    }
    let name = getenv("ANIMESNAP_FUZZED").map { String(cString: $0) }
    guard let reader = name.flatMap({ readers[$0] }) else {
        fatalError("ANIMESNAP_FUZZED is \(name ?? "not set"); it must be one of \(readers.keys.sorted())")
    }
    target = reader
    return 0
}

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target(UnsafeBufferPointer(start: bytes, count: count))
}

enum Fuzzing {
    /// What a program that reads a file must never do whatever is in it: `isTrue` not being so is a finding.
    static func require(_ isTrue: Bool, _ sentence: @autoclosure () -> String) {
        if !isTrue { fatalError(sentence()) }
    }

    /// An error is one sentence of bearable length. ANIMESNAP_FUZZ_SAYS shows them.
    static func requireSentence(_ text: String) {
        if getenv("ANIMESNAP_FUZZ_SAYS") != nil { print(text) }
        require(
            !text.isEmpty && text.unicodeScalars.count <= 1200, "an error of \(text.unicodeScalars.count) characters")
        require(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "an error of several lines")
    }
}
