import Engine

/// The networks that paint a picture.
struct PaintingNetworks {
    /// The style's.
    let painting: PaintingNetwork
    /// Doubles what was painted.
    let enlarger: PaintingNetwork?

    /// - Throws: ``PaintingError`` when one does not do what it is for.
    init(painting: ModelFile, enlarger: ModelFile?) throws(PaintingError) {
        self.painting = try PaintingNetwork(painting)
        self.enlarger = try enlarger.map { (model) throws(PaintingError) in try PaintingNetwork(model) }
        if let enlarger = self.enlarger, enlarger.scale != 2 {
            throw PaintingError(
                "\(enlarger.model.path) does not double pictures: what it makes is as large as what it sees")
        }
    }
}
