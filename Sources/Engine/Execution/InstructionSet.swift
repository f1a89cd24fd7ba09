import CKernels

/// A family of kernels, named after the processor feature it needs.
///
/// Every instruction set computes the same bytes; `reference` is the scalar definition and runs everywhere.
public struct InstructionSet: Sendable, Equatable, CustomStringConvertible {
    /// The name that `--isa` and `ANIMESNAP_ISA` take, such as `neondot`.
    public let name: String
    private let index: Int

    private init?(index: Int) {
        guard let table = ck_table(index) else { return nil }
        self.index = index
        self.name = String(cString: table.pointee.name)
    }

    /// The name.
    public var description: String { name }

    /// The instruction sets that this binary holds and this processor runs, slowest first; never empty.
    public static let available: [InstructionSet] = (0..<ck_table_count())
        .filter { ck_table_supported($0) }
        .compactMap { InstructionSet(index: $0) }

    /// The names of all instruction sets that this binary holds, whether or not this processor runs them.
    public static let compiled: [String] = (0..<ck_table_count()).compactMap { InstructionSet(index: $0)?.name }

    /// The fastest instruction set of this processor.
    public static var best: InstructionSet { available[available.count - 1] }

    /// The instruction set called `name`.
    ///
    /// - Parameter name: One of the names in ``compiled``.
    /// - Returns: The instruction set.
    /// - Throws: ``EngineError`` naming the available ones when this binary or this processor lacks it.
    public static func named(_ name: String) throws(EngineError) -> InstructionSet {
        if let found = available.first(where: { $0.name == name }) { return found }
        let choices = available.map(\.name).joined(separator: ", ")
        if compiled.contains(name) {
            throw EngineError("this processor lacks the instruction set '\(name)'; it runs \(choices)")
        }
        throw EngineError("there is no instruction set '\(name)' in this build; this processor runs \(choices)")
    }

    /// The table of kernels. Indices come from the C side alone, so the first table stands in for none.
    var kernels: ck_kernels { (ck_table(index) ?? ck_table(0)).pointee }
}
