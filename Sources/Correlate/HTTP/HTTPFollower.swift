import Decode
import Model

/// Follows every exchange of an HTTP/1 connection (RFC 9112): heads are read, bodies counted, responses matched to
/// requests in order.
///
///     requests    head ─▶ body ─▶ head ─▶ …        each opens an exchange
///     responses   head(1xx)* ─▶ head ─▶ body ─▶ …  each answers the oldest open one
///
/// It ends when the connection changes its protocol (101, CONNECT), and where the end of a message cannot be told.
final class HTTPFollower: ApplicationFollower {
    private let keepsFacts: Bool
    private var facts = HTTPFacts()
    private var log = HTTPExchangeLog()
    /// Requests whose response is not there in full, and the one that is still being sent.
    private var open: [OpenExchange] = []
    private var requests = HTTPMessageReader()
    private var responses = HTTPMessageReader()
    /// Exchanges so far, whether or not they are over.
    private var opened = 0
    /// The first request line was one.
    private var isRecognised = false
    private var clientEnd: (how: StreamEnd, time: Timestamp)?
    private(set) var isDone = false
    /// The connection is now a tunnel, whose bytes somebody else has to recognise.
    private(set) var isTunnel = false

    /// Requests sent ahead of their responses; pipelining clients send a few.
    private static let openLimit = 64

    struct OpenExchange {
        var exchange: HTTPExchange
        var isHead = false
        var isConnect = false
        var awaitsContinue = false
        /// Of CONNECT.
        var target: String?
        var isSent = false
        var isAnswered = false
    }

    init(keepsFacts: Bool) { self.keepsFacts = keepsFacts }

    var heldBytes: Int { requests.buffer.count + responses.buffer.count }

    func quiet(_ direction: Int) -> UInt64 {
        guard direction == 0 else { return responses.quiet }
        // Where the body may have been left out, the first bytes in its place tell.
        let isDoubtful = open.last.map { $0.awaitsContinue && $0.exchange.requestBody.bytes == 0 } ?? false
        return isDoubtful && requests.state != .unread ? 0 : requests.quiet
    }

    /// After CONNECT the client's bytes are a request or already the tunnel's: the response tells.
    func isBlocked(_ direction: Int) -> Bool {
        direction == 0 && open.last?.isConnect == true && open.last?.isAnswered == false
    }

    func read(_ bytes: RawSpan, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        var rest = bytes
        while rest.byteCount > 0, !isDone {
            let taken =
                direction == 0 ? readRequest(rest, at: time, &news) : readResponse(rest, at: time, &news)
            guard taken > 0 else { break }
            rest = rest.extracting(droppingFirst: taken)
        }
        return bytes.byteCount - rest.byteCount
    }

    func pass(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) {
        if direction == 0 {
            countRequestBody(Self.advance(&requests.state, by: count), at: time)
        } else {
            countResponseBody(Self.advance(&responses.state, by: count), at: time)
        }
    }

    /// Moves on in a body by bytes that nobody has to see, and returns how many of them are content.
    private static func advance(_ state: inout HTTPMessageReader.State, by count: UInt64) -> UInt64 {
        switch state {
        case .body(let remaining):
            let counted = min(count, remaining)
            state = .body(remaining: remaining - counted)
            return counted
        case .chunks(var chunks):
            let before = chunks.dataBytes
            chunks.pass(count)
            state = .chunks(chunks)
            return chunks.dataBytes - before
        case .untilClose: return count
        case .head, .unread: return 0
        }
    }

    // MARK: Requests

    private func readRequest(_ bytes: RawSpan, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        switch requests.state {
        case .unread: return bytes.byteCount
        case .head: return readRequestHead(bytes, at: time, &news)
        case .body(let remaining):
            if goesOnWithoutBody(bytes) {
                leaveOutBody()
                return readRequestHead(bytes, at: time, &news)
            }
            let taken = Int(min(remaining, UInt64(bytes.byteCount)))
            pass(UInt64(taken), from: 0, at: time, &news)
            return taken
        case .chunks(var chunks):
            let before = chunks.dataBytes
            let taken = chunks.read(bytes)
            requests.state = .chunks(chunks)
            if chunks.isMalformed { stopRequests(.malformed) }
            countRequestBody(chunks.dataBytes - before, at: time)
            return taken
        case .untilClose: return bytes.byteCount
        }
    }

    private func readRequestHead(_ bytes: RawSpan, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        if isBlocked(0) { return 0 }
        if requests.buffer.isEmpty {
            // Empty lines before a request are to be ignored (RFC 9112 §2.2).
            let empty = bytes.leadingLineEnds
            if empty > 0 { return empty }
        }
        if requests.isBetweenMessages {
            openExchange()
            open[open.count - 1].exchange.requested = time
        }
        let hadLine = requests.scanner.hasStartLine
        switch requests.findHead(in: bytes) {
        case .whole(let end):
            let head = requests.takeBuffer()
            if head.isEmpty {
                begin(bytes.extracting(first: end), at: time, &news)
            } else {
                var whole = head
                whole.append(bytes.extracting(first: end))
                unsafe begin(whole.span.bytes, at: time, &news)
            }
            return end
        case .part:
            // What is no request line need not be kept until an empty line comes.
            if !hadLine && requests.scanner.hasStartLine, unsafe HTTPRequestView(requests.buffer.span.bytes) == nil {
                refuseRequest()
            }
            return bytes.byteCount
        case .tooLong:
            beginCut(&news)
            stopRequests(.tooLong)
            return bytes.byteCount
        }
    }

    /// A whole head of a request.
    private func begin(_ head: RawSpan, at time: Timestamp, _ news: inout FollowerNews) {
        guard let request = HTTPRequestView(head), let last = open.indices.last else { return refuseRequest() }
        note(request, last, &news)
        let fields = HTTPFields(head)
        open[last].exchange.requestBody.declared = fields.declaredLength
        open[last].awaitsContinue = fields.expectsContinue
        guard let state = HTTPMessageReader.state(after: fields.framing, isRequest: true) else {
            return stopRequests(.malformed)
        }
        // Whatever follows CONNECT is no body (RFC 9110 §9.3.6).
        requests.state = request.isConnect ? .head : state
        if case .chunks = state { open[last].exchange.requestBody.isChunked = true }
        if requests.state == .head { finishRequest(at: time) }
    }

    private func openExchange() {
        opened += 1
        open.append(OpenExchange(exchange: HTTPExchange(number: opened)))
    }

    private func note(_ request: borrowing HTTPRequestView, _ last: Int, _ news: inout FollowerNews) {
        news.messages &+= 1
        if !isRecognised { news.isTurn = true }
        isRecognised = true
        open[last].isHead = request.isHead
        open[last].isConnect = request.isConnect
        guard keepsFacts else { return }
        open[last].exchange.method = request.method
        open[last].exchange.requestMinorVersion = request.minorVersion
        open[last].exchange.path = request.path
        let host = request.host
        open[last].exchange.host = host
        open[last].target = request.tunnelTarget
        // A request to a proxy names somebody else.
        if opened == 1, let host, request.isForOrigin, IPAddress(host) == nil { news.name = host }
    }

    /// What can be read of a head whose rest will not come.
    private func beginCut(_ news: inout FollowerNews) {
        guard let last = open.indices.last, !open[last].isSent else { return }
        let head = requests.takeBuffer()
        guard let request = unsafe HTTPRequestView(head.span.bytes) else { return refuseRequest() }
        note(request, last, &news)
    }

    private func refuseRequest() {
        _ = requests.takeBuffer()
        if let last = open.last, !last.isSent, last.exchange.method == nil, last.exchange.status == nil {
            open.removeLast()
            opened -= 1
        }
        isDone = isDone || !isRecognised || open.isEmpty
        stopRequests(.malformed)
    }

    private func countRequestBody(_ count: UInt64, at time: Timestamp) {
        guard let last = open.indices.last, !open[last].isSent else { return }
        open[last].exchange.requestBody.bytes &+= count
        switch requests.state {
        case .body(remaining: 0): finishRequest(at: time)
        case .chunks(let chunks) where chunks.isOver: finishRequest(at: time)
        case .head, .body, .chunks, .untilClose, .unread: break
        }
    }

    private func finishRequest(at time: Timestamp) {
        guard let last = open.indices.last else { return }
        open[last].exchange.requestEnded = time
        open[last].isSent = true
        requests.state = .head
        retire()
        if open.count > Self.openLimit { stopRequests(.tooLong) }
    }

    /// A client that waited for 100 and got its final response instead may leave the body out (RFC 9110 §10.1.1).
    private func goesOnWithoutBody(_ bytes: RawSpan) -> Bool {
        guard let last = open.last, last.awaitsContinue, last.exchange.requestBody.bytes == 0,
            last.exchange.responded != nil || last.isAnswered
        else { return false }
        guard let request = HTTPRequestView(bytes) else { return false }
        return request.minorVersion != nil
    }

    private func leaveOutBody() {
        if let last = open.indices.last { open[last].isSent = true }
        requests.state = .head
        retire()
    }

    private func stopRequests(_ why: HTTPFacts.Unread) {
        requests.state = .unread
        _ = requests.takeBuffer()
        facts.unread = facts.unread ?? why
    }

    // MARK: Responses

    /// The open exchange that the server answers now.
    private var answered: Int? { open.firstIndex { !$0.isAnswered } }

    private func readResponse(_ bytes: RawSpan, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        switch responses.state {
        case .unread: return bytes.byteCount
        case .head: return readResponseHead(bytes, at: time, &news)
        case .body(let remaining):
            let taken = Int(min(remaining, UInt64(bytes.byteCount)))
            pass(UInt64(taken), from: 1, at: time, &news)
            return taken
        case .chunks(var chunks):
            let before = chunks.dataBytes
            let taken = chunks.read(bytes)
            responses.state = .chunks(chunks)
            countResponseBody(chunks.dataBytes - before, at: time)
            if chunks.isMalformed { stopResponses(.malformed) }
            return taken
        case .untilClose:
            pass(UInt64(bytes.byteCount), from: 1, at: time, &news)
            return bytes.byteCount
        }
    }

    /// When the first byte of the head was seen.
    private var headBegan: Timestamp?

    private func readResponseHead(_ bytes: RawSpan, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        if responses.buffer.isEmpty {
            let empty = bytes.leadingLineEnds
            if empty > 0 { return empty }
            headBegan = time
        }
        let hadLine = responses.scanner.hasStartLine
        switch responses.findHead(in: bytes) {
        case .whole(let end):
            let head = responses.takeBuffer()
            if head.isEmpty {
                answer(bytes.extracting(first: end), at: time, &news)
            } else {
                var whole = head
                whole.append(bytes.extracting(first: end))
                unsafe answer(whole.span.bytes, at: time, &news)
            }
            return end
        case .part:
            if !hadLine && responses.scanner.hasStartLine, unsafe HTTPStatusView(responses.buffer.span.bytes) == nil {
                stopResponses(.malformed)
            }
            return bytes.byteCount
        case .tooLong:
            answerCut(&news)
            stopResponses(.tooLong)
            return bytes.byteCount
        }
    }

    /// A whole head of a response.
    private func answer(_ head: RawSpan, at time: Timestamp, _ news: inout FollowerNews) {
        guard let status = HTTPStatusView(head) else { return stopResponses(.malformed) }
        guard let index = note(status, &news) else { return }
        let fields = HTTPFields(head)
        let isConnected = open[index].isConnect && (200...299).contains(status.status)
        if keepsFacts {
            open[index].exchange.contentType = fields.contentType
            open[index].exchange.server = fields.server
        }
        open[index].exchange.responseBody.declared = fields.declaredLength
        if status.status == 101 || isConnected {
            if status.status == 101, keepsFacts {
                open[index].exchange.upgrade = fields.upgrade
                facts.upgrade = fields.upgrade
            }
            isTunnel = isConnected
            if isConnected { facts.tunnelTarget = open[index].target }
            finishResponse(index, at: time)
            isDone = true
            return
        }
        if open[index].isHead || status.isWithoutBody { return finishResponse(index, at: time) }
        guard let state = HTTPMessageReader.state(after: fields.framing, isRequest: false) else {
            return stopResponses(.malformed)
        }
        responses.state = state
        if case .chunks = state { open[index].exchange.responseBody.isChunked = true }
        if state == .head { finishResponse(index, at: time) }
    }

    /// - Returns: the exchange that the response ends, `nil` for an interim one.
    private func note(_ status: HTTPStatusView, _ news: inout FollowerNews) -> Int? {
        news.messages &+= 1
        if answered == nil {
            // To a request that could not be read, or to none.
            guard requests.state != .unread else {
                isDone = true
                return nil
            }
            openExchange()
            open[open.count - 1].isSent = true
        }
        guard let index = answered else { return nil }
        let began = headBegan
        if status.isInterim {
            if keepsFacts, open[index].exchange.interim.count < HTTPExchange.interimCapacity, let began {
                open[index].exchange.interim.append(HTTPExchange.Interim(status: status.status, time: began))
            }
            return nil
        }
        if opened == 1 || status.status >= 400 { news.isTurn = true }
        open[index].exchange.status = status.status
        open[index].exchange.responseMinorVersion = status.minorVersion
        open[index].exchange.responded = began
        return index
    }

    private func answerCut(_ news: inout FollowerNews) {
        let head = responses.takeBuffer()
        if let status = unsafe HTTPStatusView(head.span.bytes) { _ = note(status, &news) }
    }

    private func countResponseBody(_ count: UInt64, at time: Timestamp) {
        guard let index = answered else { return }
        open[index].exchange.responseBody.bytes &+= count
        switch responses.state {
        case .body(remaining: 0): finishResponse(index, at: time)
        case .chunks(let chunks) where chunks.isOver: finishResponse(index, at: time)
        case .head, .body, .chunks, .untilClose, .unread: break
        }
    }

    private func finishResponse(_ index: Int, at time: Timestamp) {
        open[index].exchange.responseEnded = time
        open[index].isAnswered = true
        responses.state = .head
        retire()
    }

    private func stopResponses(_ why: HTTPFacts.Unread) {
        responses.state = .unread
        _ = responses.takeBuffer()
        facts.unread = facts.unread ?? why
        isDone = true
    }

    /// Moves exchanges that are over from the line of the open ones into the log.
    private func retire() {
        while let first = open.first, first.isAnswered, first.isSent || requests.state == .unread {
            if keepsFacts { log.append(first.exchange) }
            open.removeFirst()
        }
    }

    // MARK: Losses and ends

    func lose(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) {
        if direction == 0 {
            if let last = open.indices.last, count <= quiet(0), requests.state != .unread {
                open[last].exchange.requestBody.missing &+= count
                passMissing(count, from: 0, at: time)
            } else {
                if !requests.buffer.isEmpty { beginCut(&news) }
                isDone = isDone || !isRecognised
                stopRequests(.lost)
            }
        } else if let index = answered, count <= responses.quiet {
            open[index].exchange.responseBody.missing &+= count
            passMissing(count, from: 1, at: time)
        } else {
            if !responses.buffer.isEmpty { answerCut(&news) }
            stopResponses(.lost)
        }
    }

    /// As ``pass(_:from:at:_:)``, for bytes of a body that were not seen: its end is where it would be.
    private func passMissing(_ count: UInt64, from direction: Int, at time: Timestamp) {
        if direction == 0 {
            _ = Self.advance(&requests.state, by: count)
            countRequestBody(0, at: time)
        } else {
            _ = Self.advance(&responses.state, by: count)
            countResponseBody(0, at: time)
        }
    }

    func end(_ direction: Int, _ how: StreamEnd, at time: Timestamp, _ news: inout FollowerNews) {
        if direction == 0 {
            if !requests.buffer.isEmpty { beginCut(&news) }
            clientEnd = (how, time)
            return
        }
        if !responses.buffer.isEmpty { answerCut(&news) }
        if responses.state == .untilClose, how == .finished, let index = answered {
            finishResponse(index, at: time)
        } else if let index = answered, open[index].exchange.responded != nil, facts.unread == nil {
            open[index].exchange.interruption = interruption(how, of: open[index].exchange)
            if open[index].exchange.interruption != nil { news.isTurn = true }
        }
        isDone = true
    }

    /// Who ended the connection in the middle of a response; nobody where only the observation ended.
    private func interruption(_ how: StreamEnd, of exchange: HTTPExchange) -> HTTPExchange.Interruption? {
        // A client may close its side when it has asked, and still wait for the answer.
        if case .finished = clientEnd?.how, let closed = clientEnd?.time, let began = exchange.responded, closed > began
        {
            return .closedByClient
        }
        return switch how {
        case .finished: .closedByServer
        case .resetByClient: .resetByClient
        case .resetByServer: .resetByServer
        case .unobserved: nil
        }
    }

    /// The tunnel carries HTTP/1 too: its exchanges follow those with the proxy.
    func enterTunnel() {
        isDone = false
        isTunnel = false
        requests = HTTPMessageReader()
        responses = HTTPMessageReader()
    }

    func tell(_ application: inout ApplicationFacts) {
        guard isRecognised else { return }
        application.kind = .http
        var facts = facts
        facts.exchanges = log.exchanges
        let room = HTTPFacts.capacity - facts.exchanges.count
        let begun = open.map(\.exchange).filter { $0.method != nil || $0.status != nil }
        facts.exchangeCount = log.count + begun.count
        facts.exchanges += begun.prefix(room)
        facts.failedCount = log.failed + begun.count { $0.isFailed }
        application.http = facts
    }
}
