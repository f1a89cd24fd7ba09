/// What a button's contact did, after active-low is applied.
public enum Edge: Equatable, Sendable {
    /// The contact closed.
    case pressed
    /// The contact opened.
    case released
}

/// A change of a button's contact, bounce included.
public struct ButtonEdge: Equatable, Sendable {
    /// What it did.
    public let edge: Edge
    /// When: a time of the ``DeviceClock``, from the kernel where the kernel measures it.
    public let time: Duration

    /// Makes an edge.
    public init(_ edge: Edge, at time: Duration) {
        self.edge = edge
        self.time = time
    }
}

/// A push button.
public protocol Button: Sendable {
    /// What people call it.
    var name: String { get }

    /// All edges from now on, to each caller. The stream ends when the button is closed or lost.
    var edges: AsyncStream<ButtonEdge> { get }

    /// Gives the device back. Streams end.
    func close()
}
