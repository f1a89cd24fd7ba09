/// A quantized network as the engine runs it: layers in execution order, each of which writes one tensor.
///
/// Two kinds of layer suffice because the rest rides on them: a space-to-depth input is a convolution with a larger
/// kernel and stride, a depth-to-space output is a convolution with row groups, an addition is a residual, and clipping
/// is saturation.
public struct Graph: Sendable, Equatable {
    /// A picture-shaped value between layers, NHWC, one byte per element.
    public struct Tensor: Sendable, Equatable {
        /// Its name in the network it was made from.
        public var name: String
        /// Bytes per pixel.
        public var channels: Int

        /// A tensor of `channels` bytes per pixel.
        public init(name: String, channels: Int) {
            self.name = name
            self.channels = channels
        }
    }

    /// What a layer computes.
    public enum Kind: String, Sendable {
        case convolution
        case depthwise
    }

    /// Two lengths in pixels, down and across.
    public struct Extent: Sendable, Equatable {
        /// Rows.
        public var height: Int
        /// Columns.
        public var width: Int

        /// `height` rows by `width` columns.
        public init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }
    }

    /// Pixels added around a tensor before a layer reads it.
    public struct Padding: Sendable, Equatable {
        /// Rows above.
        public var top: Int
        /// Columns before.
        public var left: Int
        /// Rows below.
        public var bottom: Int
        /// Columns after.
        public var right: Int

        /// Padding of the given numbers of pixels.
        public init(top: Int, left: Int, bottom: Int, right: Int) {
            self.top = top
            self.left = left
            self.bottom = bottom
            self.right = right
        }
    }

    /// One layer.
    public struct Layer: Sendable, Equatable {
        /// Its name, the prefix of its tensors in the model file.
        public var name: String
        /// What it computes.
        public var kind: Kind
        /// The index of the tensor it reads.
        public var input: Int
        /// The index of the tensor it writes.
        public var output: Int
        /// The index of the tensor that is added to the result, if any.
        public var residual: Int?
        /// The window.
        public var kernel: Extent
        /// The step of the window.
        public var stride: Extent
        /// The padding, filled with the input's zero points.
        public var padding: Padding
        /// How many output rows, and pixels within each, one window position makes (sub-pixel convolution, Shi et al.
        /// 2016): output channels are ordered by row, column, channel.
        public var rowGroups: Int

        /// A layer; see the properties.
        public init(
            name: String, kind: Kind, input: Int, output: Int, residual: Int? = nil, kernel: Extent,
            stride: Extent = Extent(height: 1, width: 1),
            padding: Padding = Padding(top: 0, left: 0, bottom: 0, right: 0), rowGroups: Int = 1
        ) {
            self.name = name
            self.kind = kind
            self.input = input
            self.output = output
            self.residual = residual
            self.kernel = kernel
            self.stride = stride
            self.padding = padding
            self.rowGroups = rowGroups
        }
    }

    /// The model's name, such as `cel-m`.
    public var name: String
    /// The style it paints, such as `cel`.
    public var style: String
    /// What a person is told about it.
    public var title: String
    /// The terms under which its weights may be used.
    public var licence: String
    /// Picture sides must be multiples of this many pixels.
    public var sideMultiple: Int
    /// All tensors: the first is the photo, the last the anime picture, both RGB.
    public var tensors: [Tensor]
    /// All layers, in execution order.
    public var layers: [Layer]

    /// A graph; see the properties.
    public init(
        name: String, style: String, title: String, licence: String, sideMultiple: Int, tensors: [Tensor],
        layers: [Layer]
    ) {
        self.name = name
        self.style = style
        self.title = title
        self.licence = licence
        self.sideMultiple = sideMultiple
        self.tensors = tensors
        self.layers = layers
    }

    /// The output channels of one row group of `layer`, which are also the bytes between its output pixels.
    public func groupChannels(of layer: Layer) -> Int { tensors[layer.output].channels * layer.rowGroups }

    /// The sizes of all tensors for a picture of the given size.
    ///
    /// - Parameter picture: The picture's size; both sides multiples of ``sideMultiple``.
    /// - Returns: One size per tensor.
    /// - Throws: ``EngineError`` when the picture does not suit the network.
    public func sizes(for picture: Extent) throws(EngineError) -> [Extent] {
        func isPossible(_ side: Int) -> Bool {
            (1...Limits.pictureSide).contains(side) && side % sideMultiple == 0
        }
        guard isPossible(picture.width), isPossible(picture.height) else {
            throw EngineError(
                "\(name) takes pictures whose sides are multiples of \(sideMultiple) up to "
                    + "\(Limits.pictureSide) pixels, not \(picture.width)x\(picture.height)")
        }
        var sizes = [Extent](repeating: Extent(height: 0, width: 0), count: tensors.count)
        sizes[0] = picture
        for layer in layers {
            let input = sizes[layer.input]
            let rows = input.height + layer.padding.top + layer.padding.bottom - layer.kernel.height
            let columns = input.width + layer.padding.left + layer.padding.right - layer.kernel.width
            guard rows >= 0, columns >= 0 else {
                throw EngineError(
                    "\(name) cannot take a picture of \(picture.width)x\(picture.height): '\(layer.name)' has no rows")
            }
            let output = Extent(
                height: (rows / layer.stride.height + 1) * layer.rowGroups,
                width: (columns / layer.stride.width + 1) * layer.rowGroups)
            if let residual = layer.residual, sizes[residual] != output {
                throw EngineError(
                    "\(name) adds tensors of different sizes in '\(layer.name)' for a picture of "
                        + "\(picture.width)x\(picture.height)")
            }
            sizes[layer.output] = output
        }
        guard sizes[tensors.count - 1] == picture else {
            throw EngineError("\(name) does not give back a picture of \(picture.width)x\(picture.height)")
        }
        return sizes
    }

    /// The multiply-accumulates of each layer for a picture of the given size.
    ///
    /// - Parameter picture: The picture's size.
    /// - Returns: One number per layer.
    /// - Throws: ``EngineError`` when the picture does not suit the network.
    public func multiplyAccumulates(for picture: Extent) throws(EngineError) -> [Int] {
        let sizes = try sizes(for: picture)
        return layers.map { layer in
            let window = layer.kernel.height * layer.kernel.width
            let inputs = layer.kind == .depthwise ? 1 : tensors[layer.input].channels
            let output = sizes[layer.output]
            return output.height * output.width * tensors[layer.output].channels * window * inputs
        }
    }

    /// Bounds on what a graph may ask for; generous for any picture network, small enough that no product overflows.
    public enum Limits {
        /// The longest side of a picture in pixels.
        public static let pictureSide = 65_536
        /// Bytes per pixel of a tensor.
        public static let channels = 4_096
        /// Rows or columns of a window.
        public static let kernel = 15
        /// Rows or columns between windows.
        public static let stride = 8
        /// Row groups of a sub-pixel convolution.
        public static let rowGroups = 8
        /// Layers, and tensors but one.
        public static let layers = 1_024
        /// Weights of one output channel, padding included.
        public static let weightsPerChannel = 32_768
    }
}
