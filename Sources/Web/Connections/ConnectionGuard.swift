import Glibc
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends connections of clients that take what they may not: too many at once, heads and bodies that drip in, responses
/// that are never read.
///
/// It stands behind the HTTP decoder. A deadline runs only while the client has to do something.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase {
        /// Between requests.
        case head(since: NIODeadline, isFirst: Bool)
        case body(since: NIODeadline, lastPart: NIODeadline, bytes: Int)
        case response
        /// The last response is sent; the rest that comes in is thrown away until the client ends it.
        case closing(since: NIODeadline)
    }

    private let limits: ConnectionLimits
    private let census: ConnectionCensus
    private let mostBodyBytes: Int
    private var phase = Phase.head(since: .now(), isFirst: true)
    private var seat: Seat?
    private var timer: Scheduled<Void>?
    private var isClientAwaited = true
    private var isResponding = false
    private var closesAfterResponse = false
    /// Somebody else has its place: it ends with the request that came at the same moment.
    private var isGivenUp = false
    private var isEndless = false
    /// Bytes that were handed over for writing, and those that had left at the last look.
    private var handedOver = 0
    private var hadLeft = 0
    private var waitsSince: NIODeadline?

    /// How long a client may go on sending after the last response.
    private static let closingTime = TimeAmount.milliseconds(1500)

    init(_ limits: ConnectionLimits, census: ConnectionCensus, mostBodyBytes: Int) {
        self.limits = limits
        self.census = census
        self.mostBodyBytes = mostBodyBytes
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        do { try EarlierClients.join(context.pipeline) } catch { context.fireErrorCaught(error) }
    }

    func channelActive(context: ChannelHandlerContext) {
        let name = ConnectionCensus.name(of: context.channel.remoteAddress)
        phase = .head(since: .now(), isFirst: true)
        guard let seat = census.seat(name) else {
            refuse(context, Problem(.serviceUnavailable, "There are too many connections.", retryAfter: 5))
            return
        }
        self.seat = seat
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        seat.whenWanted { [loop = context.eventLoop] wasIdle in
            loop.execute {
                let (handler, context) = bound.value
                handler.giveUp(context, wasIdle)
            }
        }
        // Browsers open connections that they may need: until one asks for something its place can go to another.
        seat.setIdle(true)
        limitBacklog(context)
        context.fireChannelActive()
        check(context)
    }

    /// The kernel would take megabytes for a client that reads slowly: live pictures would be old when they are seen, and
    /// a client that reads nothing would be noticed late.
    private func limitBacklog(_ context: ChannelHandlerContext) {
        let mostUnsent = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_NOTSENT_LOWAT))
        try? context.channel.syncOptions?.setOption(mostUnsent, value: SocketOptionValue(limits.unsentBytes))
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    private func leave() {
        timer?.cancel()
        timer = nil
        seat = nil
    }

    /// Ends a connection whose place somebody else has got. What was asked while it was still thought idle is answered.
    private func giveUp(_ context: ChannelHandlerContext, _ wasIdle: Bool) {
        seat = nil
        switch phase {
        case .body, .response: if wasIdle { isGivenUp = true } else { context.close(promise: nil) }
        case .head, .closing: context.close(promise: nil)
        }
    }

    /// Answers without asking the server, and ends.
    private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
        isResponding = false
        closesAfterResponse = true
        var response = problem.response
        SecurityHeaders.add(to: &response)
        response.headers[.connection] = "close"
        context.write(wrapOutboundOut(.head(response.head)), promise: nil)
        if let body = problem.body { context.write(wrapOutboundOut(.body(body)), promise: nil) }
        end(context, nil, promise: nil)
        context.flush()
        if timer == nil { check(context) }
    }

    /// Writes a response's end and then nothing more. What the client still sends is read for a moment: closing at once
    /// could destroy the answer on its way.
    private func end(_ context: ChannelHandlerContext, _ trailers: HTTPFields?, promise: EventLoopPromise<Void>?) {
        phase = .closing(since: .now())
        seat?.setIdle(true)
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        let channel = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in channel.value.close(mode: .output, promise: nil) }
        context.write(wrapOutboundOut(.end(trailers)), promise: written)
    }

    // MARK: What comes in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .closing = phase { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            phase = .body(since: .now(), lastPart: .now(), bytes: 0)
            seat?.setIdle(false)
            if head.headerFields[.expect]?.lowercased() == "100-continue", isBodyAllowed(head) {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let part):
            if case .body(let since, _, let bytes) = phase {
                phase = .body(since: since, lastPart: .now(), bytes: bytes + part.readableBytes)
            }
        case .end:
            phase = .response
        }
        context.fireChannelRead(data)
    }

    private func isBodyAllowed(_ head: HTTPRequest) -> Bool {
        guard let text = head.headerFields[.contentLength] else { return true }
        return Int(text).map { $0 <= mostBodyBytes } ?? false
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isClientAwaited = false
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if !isClientAwaited, case .body(let since, _, let bytes) = phase {
            phase = .body(since: since, lastPart: .now(), bytes: bytes)
        }
        isClientAwaited = true
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            if case .closing = phase { return context.close(promise: nil) }
            // Nobody waits for the end of what has none.
            if isEndless { return context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .closing = phase { return }
        guard let failure = error as? HTTPParserError, !isResponding else {
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        let problem =
            failure == .headerOverflow
            ? Problem(.requestHeaderFieldsTooLarge, "The head of the request is too long.")
            : Problem(.badRequest, "The request is not valid HTTP.")
        refuse(context, problem)
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .closing = phase {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            isResponding = true
            closesAfterResponse = head.headerFields[.connection]?.lowercased() == "close"
            let type = head.headerFields[.contentType] ?? ""
            isEndless = type.hasPrefix("text/event-stream") || type.hasPrefix("multipart/x-mixed-replace")
        case .body(let part):
            handedOver += part.readableBytes
        case .end(let trailers):
            isResponding = false
            isEndless = false
            if closesAfterResponse || isGivenUp { return end(context, trailers, promise: promise) }
            if case .response = phase {
                phase = .head(since: .now(), isFirst: false)
                return writeEnd(context, data, promise)
            }
        }
        context.write(data, promise: promise)
    }

    /// Writes a response's end. The connection is idle when a slow client has got it, and not before.
    private func writeEnd(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenSuccess { _ in
            if case .head = bound.value.phase { bound.value.seat?.setIdle(true) }
        }
        context.write(data, promise: written)
    }

    // MARK: Deadlines

    /// Closes the connection when its time is over, and else looks again when it may be.
    private func check(_ context: ChannelHandlerContext) {
        timer = nil
        let now = NIODeadline.now()
        guard context.channel.isActive, let next = nextCheck(context, now) else {
            context.close(promise: nil)
            return
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: max(next, now + .milliseconds(20))) {
            let (handler, context) = bound.value
            handler.check(context)
        }
    }

    /// When to look again; nil when the time is over.
    private func nextCheck(_ context: ChannelHandlerContext, _ now: NIODeadline) -> NIODeadline? {
        guard let written = writeDeadline(context, now) else { return nil }
        let regular = now + .milliseconds(min(5000, TimeAmount(limits.firstHead).nanoseconds / 1_000_000))
        let next: NIODeadline
        switch phase {
        case .head(let since, let isFirst): next = since + TimeAmount(isFirst ? limits.firstHead : limits.idle)
        case .body(let since, let lastPart, let bytes):
            guard isClientAwaited else { return min(regular, written) }
            let still = TimeAmount(limits.bodyStill)
            let elapsed = Double((now - since).nanoseconds) / 1e9
            let isSlow = now - since > still && Double(bytes) < elapsed * Double(limits.bodyRate)
            if isSlow { return nil }
            next = min(lastPart + still, regular)
            if lastPart + still <= now { return nil }
        case .response: next = regular
        case .closing(let since): next = since + Self.closingTime
        }
        return next > now ? min(next, written) : nil
    }

    /// When a client that does not read has done so for too long; nil when it has.
    private func writeDeadline(_ context: ChannelHandlerContext, _ now: NIODeadline) -> NIODeadline? {
        let patience = TimeAmount(limits.writeStill)
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard waiting > 0 else {
            waitsSince = nil
            return now + patience
        }
        let left = handedOver - waiting
        guard let since = waitsSince, left - hadLeft < limits.writeLeast else {
            waitsSince = now
            hadLeft = left
            return now + patience
        }
        return since + patience > now ? since + patience : nil
    }
}

extension Problem {
    /// The document alone.
    package var body: ByteBuffer? {
        let text =
            #"{"type":"about:blank","title":"\#(status.reasonPhrase)","status":\#(status.code),"detail":"\#(detail)"}"#
        return ByteBuffer(string: text)
    }
}
