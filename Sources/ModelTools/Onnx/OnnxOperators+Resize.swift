/// Resize: enlarging by a whole factor.
extension OnnxReader {
    mutating func readResize(_ node: inout OnnxNode) throws(ImportError) {
        let (input, layout) = try picture(0, node)
        let (mode, coordinates) = try readInterpolation(&node)
        if let axes = try node.attributes.integers("axes"), axes != Array(0..<layout.rank) {
            throw node.refuse("resizes some dimensions only, by the attribute 'axes', which is not supported")
        }
        let factors = try readFactors(node, input, layout)
        guard let row = layout.dimension(of: .row), let column = layout.dimension(of: .column),
            factors.indices.allSatisfy({ $0 == row || $0 == column || factors[$0] == 1 }),
            factors[row] == factors[column], let factor = Int(exactly: factors[row]), (1...8).contains(factor)
        else {
            throw node.refuse(
                "resizes by \(factors), and one whole factor from 1 to 8 for height and width is supported")
        }
        if factor == 1 { return try define(.value(input), layout, node) }
        let places = try node.attributes.text("nearest_mode", default: "round_prefer_floor")
        if mode == .nearest {
            // All other ways to round repeat some pixels more often than others.
            let repeats =
                (coordinates == .asymmetric && (places == "floor" || (factor == 2 && places == "round_prefer_floor")))
                || (coordinates == .halfPixel && places.hasPrefix("round_prefer"))
            guard repeats else {
                throw node.refuse("repeats pixels by the rule '\(places)' with other coordinates than are supported")
            }
        }
        try emit(.resize(Resize(mode: mode, coordinates: coordinates, factor: factor)), node, [input], layout)
    }

    private func readInterpolation(
        _ node: inout OnnxNode
    ) throws(ImportError) -> (Resize.Mode, Resize.Coordinates) {
        node.attributes.ignore("cubic_coeff_a", "extrapolation_value")
        let modes: [String: Resize.Mode] = ["nearest": .nearest, "linear": .bilinear]
        let mode = try node.attributes.text("mode", default: "nearest")
        // Version 10 had no choice of coordinates.
        let coordinates = try node.attributes.text(
            "coordinate_transformation_mode", default: version < 11 ? "asymmetric" : "half_pixel")
        let known: [String: Resize.Coordinates] = [
            "asymmetric": .asymmetric, "align_corners": .alignCorners, "half_pixel": .halfPixel,
            // It differs where one pixel comes out, which a whole factor above 1 never makes.
            "pytorch_half_pixel": .halfPixel,
        ]
        guard let knownMode = modes[mode], let knownCoordinates = known[coordinates] else {
            throw node.refuse(
                "resizes in the mode \(mode) with \(coordinates) coordinates; linear and nearest with asymmetric, "
                    + "align_corners and half_pixel are supported")
        }
        // These change nothing when a picture gets larger, or are refused.
        let weighted = try node.attributes.integer("exclude_outside", default: 0)
        let keeping = try node.attributes.text("keep_aspect_ratio_policy", default: "stretch")
        node.attributes.ignore("antialias")
        guard weighted == 0 || knownMode == .nearest, keeping == "stretch" else {
            throw node.refuse("excludes what is outside or keeps an aspect ratio, which is not supported")
        }
        return (knownMode, knownCoordinates)
    }

    /// The factors of all dimensions: as the file states them, or from the sizes that it computes. A file that states
    /// sizes as constants also states the size of the picture they belong to; that one factor then holds for all sizes.
    private mutating func readFactors(
        _ node: OnnxNode, _ input: Int, _ layout: OnnxLayout
    ) throws(ImportError) -> [Double] {
        // Version 10 had the scales as input 1.
        let scalesIndex = node.node.input.count == 2 ? 1 : 2
        var factors: [[Double]]
        if node.input(3) != nil {
            let wanted = try sizes(3, node)
            guard wanted.count == layout.rank else {
                throw node.refuse("has \(wanted.count) sizes for \(layout.rank) dimensions")
            }
            factors = zip(wanted.values, shapes[input]).map { wanted, shape in
                zip(wanted, layout.sizes(shape)).map { $0 / Double(max(1, $1)) }
            }
        } else {
            factors = try sizes(scalesIndex, node).values
        }
        guard let first = factors.first, factors.allSatisfy({ $0 == first }), first.count == layout.rank else {
            throw node.refuse(
                "resizes to sizes that are not a fixed multiple of its input for all pictures: the factors are "
                    + factors.map { "\($0)" }.joined(separator: " and "))
        }
        return first
    }
}
