import Glibc
import Platform

/// Which line is meant: by name, or by number on a chip that is known by its label. Chip numbers are not used, for they
/// change with kernels.
public struct GPIOAddress: Equatable, Sendable, CustomStringConvertible {
    /// A line on its chip.
    public enum Line: Equatable, Sendable {
        /// From 0, as the chip counts.
        case number(Int)
        /// As the board's description names it.
        case name(String)
    }

    /// The chip's label; nil for the chip behind the Pi's header, or for a name any chip.
    public let chip: String?
    /// The line.
    public let line: Line

    /// Makes an address from its parts.
    public init(chip: String? = nil, line: Line) {
        self.chip = chip
        self.line = line
    }

    /// Reads `GPIO17`, `17`, `pinctrl-rp1:17` or `pinctrl-rp1:GPIO17`.
    ///
    /// - Throws: ``DeviceError`` when the text is none of these.
    public init(_ text: String) throws(DeviceError) {
        let colon = text.lastIndex(of: ":")
        let chip = colon.map { String(text[..<$0]) }
        let line = colon.map { String(text[text.index(after: $0)...]) } ?? text
        guard chip != "", !line.isEmpty, !text.contains(where: \.isWhitespace) else {
            throw DeviceError(
                "'\(text)' is no GPIO line; write a name (GPIO17), a number (17), or either after a chip's label (pinctrl-rp1:17)"
            )
        }
        self.init(chip: chip, line: Int(line).map { .number($0) } ?? .name(line))
    }

    /// As it is written in the configuration.
    public var description: String {
        let line =
            switch line {
            case .number(let number): "\(number)"
            case .name(let name): name
            }
        return chip.map { "\($0):\(line)" } ?? line
    }

    /// The chips behind the 40-pin header of the boards.
    private static let headers = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"]

    /// Finds the line.
    ///
    /// - Throws: ``DeviceError`` when there is none, or more than one.
    package func find(in system: some GPIOSystem) throws(DeviceError) -> GPIOLine {
        let all = try system.chips()
        guard !all.isEmpty else { throw DeviceError("this machine has no GPIO chip (/dev/gpiochip*)") }
        let found = all.map(\.label).joined(separator: ", ")
        var chips = all
        if let chip {
            chips = all.filter { $0.label == chip }
            if chips.isEmpty { throw DeviceError("there is no GPIO chip labelled \(chip); this machine has \(found)") }
        }
        switch line {
        case .number(let number):
            if chip == nil, let header = Self.headers.first(where: { label in all.contains { $0.label == label } }) {
                chips = all.filter { $0.label == header }
            }
            guard chips.count == 1 else {
                throw DeviceError(
                    "line \(number) could be on several GPIO chips (\(found)); write the chip's label before it, as in \(all[0].label):\(number)"
                )
            }
            guard 0..<chips[0].lineCount ~= number else {
                throw DeviceError(
                    "the GPIO chip \(chips[0].label) has no line \(number); it has 0 to \(chips[0].lineCount - 1)")
            }
            return try describe(number, chips[0], system)
        case .name(let name):
            var matches: [GPIOLine] = []
            for chip in chips {
                for number in 0..<chip.lineCount {
                    let line = try describe(number, chip, system)
                    if line.name == name { matches.append(line) }
                }
            }
            guard let match = matches.first else {
                throw DeviceError("no line of \(chip ?? "the GPIO chips \(found)") is named \(name); try its number")
            }
            guard matches.count == 1 else {
                let places = matches.map { "\($0.chip.label):\($0.number)" }.joined(separator: " and ")
                throw DeviceError("\(matches.count) GPIO lines are named \(name): write one of \(places)")
            }
            return match
        }
    }

    private func describe(
        _ number: Int, _ chip: GPIOChip, _ system: some GPIOSystem
    ) throws(DeviceError) -> GPIOLine {
        do {
            return try system.line(number, of: chip)
        } catch {
            throw DeviceError(
                "line \(number) of the GPIO chip \(chip.label) cannot be looked at: \(error)",
                systemError: error.code)
        }
    }

    /// Finds the line and takes it.
    ///
    /// - Throws: ``DeviceError``; for a line that somebody holds it names the holder.
    package func take(
        _ options: GPIOOptions, from system: some GPIOSystem
    ) throws(DeviceError) -> (line: GPIOLine, port: any GPIOPort) {
        let line = try find(in: system)
        do {
            return (line, try system.take(line, options))
        } catch {
            // The description from before may be out of date by now.
            let holder = ((try? system.line(line.number, of: line.chip)) ?? line).consumer
            throw refusal(error.code, holder: holder, options)
        }
    }

    private func refusal(_ code: Int32, holder: String?, _ options: GPIOOptions) -> DeviceError {
        let reason =
            switch code {
            case EBUSY:
                switch holder {
                case .some(let name) where !name.isEmpty: "is held by \"\(name)\"; stop that, or use another line"
                default: "is held by a driver or another program; free it, or use another line"
                }
            case EACCES, EPERM: "may not be taken by this user; add the user to the group gpio"
            case ENOTSUP where options.bias != .asIs, EINVAL where options.bias != .asIs:
                "cannot be taken with bias \(options.bias.rawValue); try as-is with a resistor on the board"
            default: "cannot be taken: \(SystemError(code))"
            }
        return DeviceError("GPIO line \(self) \(reason)", systemError: code)
    }
}
