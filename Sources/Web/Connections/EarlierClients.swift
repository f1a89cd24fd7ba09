import NIOCore
import NIOHTTP1

/// Speaks HTTP/1.0 with those who do: they take the connection's end for the answer's, and do not know chunks.
///
/// It stands between the decoder and what forgets the version of a request.
final class EarlierClients: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var isEarlier = false

    /// Puts one into a connection's pipeline.
    static func join(_ pipeline: ChannelPipeline) throws {
        let decoder = try pipeline.syncOperations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.syncOperations.addHandler(EarlierClients(), position: .after(decoder))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.version.major < 1 || head.version == .http1_0 else {
            return context.fireChannelRead(data)
        }
        isEarlier = true
        // Keeping the connection is a favour that a client may ask for and a server need not do.
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isEarlier, case .head(var head) = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        head.version = .http1_0
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
