/// A quantized network as the engine runs it: layers in execution order, each of which writes one tensor.
///
/// Few kinds of layer suffice because the rest rides on them: a space-to-depth input is a convolution with a larger
/// kernel and stride, a depth-to-space output is a convolution with row groups, an addition is a residual, and clipping
/// is saturation. Normalization, leaky activations and what follows them are one pointwise pass.
public struct Graph: Sendable, Equatable {
    /// A picture-shaped value between layers, NHWC, one byte per element; or what leaves the network as float32 numbers.
    public struct Tensor: Sendable, Equatable {
        /// Its name in the network it was made from.
        public var name: String
        /// Elements per pixel.
        public var channels: Int
        /// Whether an element is a float32 number, the scaled sum of a convolution, and not a byte.
        public var isReal: Bool

        /// A tensor of `channels` elements per pixel.
        public init(name: String, channels: Int, isReal: Bool = false) {
            self.name = name
            self.channels = channels
            self.isReal = isReal
        }

        var bytesPerPixel: Int { isReal ? 4 * channels : channels }
    }

    /// What goes into a network or comes out of it: a tensor under a name.
    public struct Port: Sendable, Equatable {
        /// What it is called by those who use the network.
        public var name: String
        /// The index of its tensor.
        public var tensor: Int

        /// The tensor of this index under this name.
        public init(name: String, tensor: Int) {
            self.name = name
            self.tensor = tensor
        }
    }

    /// What a window sees outside a tensor.
    public enum Border: String, Sendable {
        /// The tensor's zero points.
        case zero
        /// The pixels inside, mirrored at the outermost one, which is not repeated.
        case reflect
        /// The smallest value, which no largest one of a window is.
        case lowest
    }

    /// What a pointwise layer is normalized by: means and variances over all pixels of a tensor, with which it waits
    /// until they are complete.
    public enum Normalization: Sendable, Equatable {
        /// One mean and one variance over all channels of the input (Ba et al. 2016).
        case layer
        /// A mean and a variance per channel of the input (Ulyanov et al. 2016).
        case instance
        /// Per channel of the input as `instance`, but what it becomes has the mean and the variance of another tensor
        /// of the same channels (LADE, AnimeGANv3).
        case adaptive(reference: Int)
    }

    /// Where the pixels of an enlargement lie in its input.
    public enum Coordinates: String, Sendable {
        /// Output pixel x lies at x / factor.
        case asymmetric
        /// The outermost pixels lie upon each other.
        case alignCorners = "align_corners"
        /// The centres of the pixels as areas lie upon each other.
        case halfPixel = "half_pixel"
        /// Each pixel is repeated.
        case nearest
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
        /// The padding, filled as ``border`` says.
        public var padding: Padding
        /// How many output rows, and pixels within each, one window position makes (sub-pixel convolution, Shi et al.
        /// 2016): output channels are ordered by row, column, channel.
        public var rowGroups: Int
        /// What the padding is filled with.
        public var border: Border
        /// The statistics that a pointwise layer is normalized by.
        public var normalization: Normalization?
        /// Whether the residual of a pointwise layer is added before its LeakyReLU.
        public var residualFirst: Bool
        /// Where the pixels of a resize layer lie.
        public var coordinates: Coordinates
        /// The index of the tensor by whose means the channels are multiplied, for a layer that does so.
        public var factors: Int?
        /// How many rows and columns of a resize layer's output there are for each of its input.
        public var factor: Int

        /// A layer; see the properties.
        public init(
            name: String, kind: Kind, input: Int, output: Int, residual: Int? = nil,
            kernel: Extent = Extent(height: 1, width: 1), stride: Extent = Extent(height: 1, width: 1),
            padding: Padding = Padding(top: 0, left: 0, bottom: 0, right: 0), rowGroups: Int = 1,
            border: Border = .zero, normalization: Normalization? = nil, residualFirst: Bool = false,
            coordinates: Coordinates = .asymmetric, factor: Int = 1, factors: Int? = nil
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
            self.border = border
            self.normalization = normalization
            self.residualFirst = residualFirst
            self.coordinates = coordinates
            self.factor = factor
            self.factors = factors
        }
    }

    /// The model's name, such as `cute-m`.
    public var name: String
    /// The style it paints, such as `cute`.
    public var style: String
    /// What a person is told about it.
    public var title: String
    /// The terms under which its weights may be used.
    public var licence: String
    /// Picture sides must be multiples of this many pixels.
    public var sideMultiple: Int
    /// All tensors; the first is the input.
    public var tensors: [Tensor]
    /// All layers, in execution order.
    public var layers: [Layer]

    /// What the graph says of its input and outputs, if anything.
    var statedInputs: [Port]?
    var statedOutputs: [Port]?

    /// A graph; see the properties. Without `outputs` it is the last tensor that comes out.
    public init(
        name: String, style: String, title: String, licence: String, sideMultiple: Int, tensors: [Tensor],
        layers: [Layer], outputs: [Port]? = nil
    ) {
        self.name = name
        self.style = style
        self.title = title
        self.licence = licence
        self.sideMultiple = sideMultiple
        self.tensors = tensors
        self.layers = layers
        statedOutputs = outputs
    }

    /// What goes in: one tensor, the first.
    public var inputs: [Port] {
        statedInputs ?? tensors.first.map { [Port(name: $0.name, tensor: 0)] } ?? []
    }

    /// What comes out, each of any number of channels and any size in proportion to the input.
    public var outputs: [Port] {
        statedOutputs ?? tensors.last.map { [Port(name: $0.name, tensor: tensors.count - 1)] } ?? []
    }

    /// The smallest square picture that the network takes whose sides are `side` pixels or more.
    public func square(of side: Int) -> Extent {
        let side = roundUp(side, to: sideMultiple)
        return Extent(height: side, width: side)
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
            if layer.border == .reflect {
                let padding = layer.padding
                guard max(padding.top, padding.bottom) < input.height, max(padding.left, padding.right) < input.width
                else {
                    throw EngineError(
                        "\(name) cannot take a picture of \(picture.width)x\(picture.height): '\(layer.name)' mirrors "
                            + "more pixels than there are")
                }
            }
            let rows = input.height + layer.padding.top + layer.padding.bottom - layer.kernel.height
            let columns = input.width + layer.padding.left + layer.padding.right - layer.kernel.width
            guard rows >= 0, columns >= 0 else {
                throw EngineError(
                    "\(name) cannot take a picture of \(picture.width)x\(picture.height): '\(layer.name)' has no rows")
            }
            let positions = Extent(
                height: rows / layer.stride.height + 1, width: columns / layer.stride.width + 1)
            let output = layer.kind.type.outputSize(of: layer, positions: positions)
            guard max(output.height, output.width) <= Limits.pictureSide else {
                throw EngineError(
                    "\(name) cannot take a picture of \(picture.width)x\(picture.height): '\(layer.name)' would make "
                        + "\(output.width)x\(output.height), and sides up to \(Limits.pictureSide) are possible")
            }
            if let residual = layer.residual, sizes[residual] != output {
                throw EngineError(
                    "\(name) adds tensors of different sizes in '\(layer.name)' for a picture of "
                        + "\(picture.width)x\(picture.height)")
            }
            sizes[layer.output] = output
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
        return layers.map { $0.kind.type.multiplyAccumulates(of: $0, in: self, output: sizes[$0.output]) }
    }

    /// Bounds on what a graph may ask for; generous for any picture network, small enough that no product overflows.
    public enum Limits {
        /// The longest side of a picture, and of any tensor, in pixels.
        public static let pictureSide = 65_536
        /// Bytes per pixel of a tensor.
        public static let channels = 4_096
        /// Rows or columns of a window.
        public static let kernel = 15
        /// Rows or columns between windows.
        public static let stride = 8
        /// Row groups of a sub-pixel convolution.
        public static let rowGroups = 8
        /// Rows or columns of an enlargement for each of its input.
        public static let factor = 8
        /// Outputs.
        public static let outputs = 64
        /// Layers, and tensors but one.
        public static let layers = 1_024
        /// Channels of all attention layers together: each is counted by value, which takes 1 KB.
        public static let attentionChannels = 16_384
        /// Weights of one output channel, padding included.
        public static let weightsPerChannel = 32_768
    }
}
