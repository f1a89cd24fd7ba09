/// One layer of a graph as a model file states it, while it is read.
struct LayerText {
    /// The layer's name.
    let name: String
    private let value: JSON
    private let tensorCount: Int

    init(_ value: JSON, tensorCount: Int) throws(Graph.Failure) {
        guard let name = value["name"]?.string else { throw Graph.Failure("its graph has a layer without a name") }
        self.name = name
        self.value = value
        self.tensorCount = tensorCount
    }

    /// Whether anything is stated for `key`.
    func states(_ key: String) -> Bool { value[key] != nil }

    func kind() throws(Graph.Failure) -> Graph.Kind {
        guard let text = value["kind"]?.string, let kind = Graph.Kind(rawValue: text) else {
            throw Graph.Failure("its layer '\(name)' is of an unknown kind, '\(value["kind"]?.string ?? "none")'")
        }
        return kind
    }

    /// `count` numbers in `range`.
    func numbers(_ key: String, _ count: Int, _ range: ClosedRange<Int>) throws(Graph.Failure) -> [Int] {
        guard let items = value[key]?.array, items.count == count else {
            throw Graph.Failure("its layer '\(name)' needs \(count) numbers in '\(key)'")
        }
        var numbers: [Int] = []
        for item in items {
            guard let number = item.integer, range.contains(number) else {
                throw Graph.Failure(
                    "its layer '\(name)' has a number outside \(range.lowerBound) to \(range.upperBound) in '\(key)'")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// One number in `range`; `standard` where none is stated.
    func number(_ key: String, _ standard: Int, _ range: ClosedRange<Int>) throws(Graph.Failure) -> Int {
        guard let stated = value[key] else { return standard }
        guard let number = stated.integer, range.contains(number) else {
            throw Graph.Failure(
                "its layer '\(name)' has '\(key)' outside \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The index of a tensor.
    func tensor(_ key: String) throws(Graph.Failure) -> Int {
        guard let index = value[key]?.integer, (0..<tensorCount).contains(index) else {
            throw Graph.Failure("its layer '\(name)' names an '\(key)' that does not exist")
        }
        return index
    }

    /// One of the words of `Choice`; `standard` where none is stated.
    func choice<Choice: RawRepresentable<String>>(
        _ key: String, _ standard: Choice
    ) throws(Graph.Failure) -> Choice {
        guard let member = value[key] else { return standard }
        guard let text = member.string, let choice = Choice(rawValue: text) else {
            throw Graph.Failure("its layer '\(name)' has a '\(key)' that this version does not know")
        }
        return choice
    }
}
