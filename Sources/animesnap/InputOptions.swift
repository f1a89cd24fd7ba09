import ArgumentParser
import ModelTools

/// What a network takes a picture as.
struct InputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What samples from 0 to 255 are to the network, such as 0..1 or 0..255.", valueName: "low..high"))
    var inputRange = "-1..1"

    @Option(help: ArgumentHelp("In which order the network takes red, green and blue: rgb or bgr.", valueName: "order"))
    var inputOrder = "rgb"

    func validate() throws {
        guard range != nil else {
            throw ValidationError("--input-range is '\(inputRange)'; two numbers such as 0..1 are possible")
        }
        guard InputConvention.Order(rawValue: inputOrder) != nil else {
            throw ValidationError("--input-order is '\(inputOrder)'; rgb and bgr are possible")
        }
    }

    private var range: ClosedRange<Float>? {
        let ends = inputRange.split(separator: "..", omittingEmptySubsequences: false).map { Float($0) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low < high, abs(low) <= 1e6, abs(high) <= 1e6
        else { return nil }
        return low...high
    }

    var convention: InputConvention {
        InputConvention(range: range ?? -1...1, order: InputConvention.Order(rawValue: inputOrder) ?? .rgb)
    }
}
