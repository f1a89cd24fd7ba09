import Glibc

// Feeds what libFuzzer (https://llvm.org/docs/LibFuzzer.html), which brings the main function, makes up to the two
// readers of foreign files.
//
// The variable ANIMESNAP_FUZZED names the reader, `onnx` or `model`; the program that `seeds FOLDER` is given to writes
// small valid files to FOLDER/onnx and FOLDER/model instead. All other arguments are libFuzzer's.

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
    switch getenv("ANIMESNAP_FUZZED").map({ String(cString: $0) }) {
    case "onnx": target = FuzzedNetwork.read
    case "model": target = FuzzedModel.read
    case let other: fatalError("ANIMESNAP_FUZZED is \(other ?? "not set"); it must be 'onnx' or 'model'")
    }
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
