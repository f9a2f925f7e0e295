import API
import Model

extension API.HTTP {
    init(_ facts: HTTPFacts) {
        self.init()
        exchanges = facts.exchanges.map { API.HTTPExchange($0) }
        exchangeCount = facts.exchangeCount
        failedCount = facts.failedCount
        leftOut = facts.leftOut
        tunnelTo = facts.tunnelTarget
        upgrade = facts.upgrade
        unread = facts.unread?.name
    }
}

extension API.HTTPExchange {
    init(_ exchange: Model.HTTPExchange) {
        self.init(number: exchange.number)
        method = exchange.method
        host = exchange.host
        path = exchange.path
        version = exchange.requestMinorVersion.map { "1.\($0)" }
        status = exchange.status
        responseVersion = exchange.responseMinorVersion.map { "1.\($0)" }
        interim = exchange.interim.map { InterimResponse(status: $0.status, time: Time($0.time)) }
        requested = exchange.requested.map { Time($0) }
        requestEnded = exchange.requestEnded.map { Time($0) }
        responded = exchange.responded.map { Time($0) }
        responseEnded = exchange.responseEnded.map { Time($0) }
        requestContentLength = exchange.requestBody.declared
        requestBytes = exchange.requestBody.bytes
        requestChunked = exchange.requestBody.isChunked
        contentLength = exchange.responseBody.declared
        responseBytes = exchange.responseBody.bytes
        responseChunked = exchange.responseBody.isChunked
        missingBytes = exchange.requestBody.missing &+ exchange.responseBody.missing
        contentType = exchange.contentType
        server = exchange.server
        upgrade = exchange.upgrade
        interrupted = exchange.interruption?.name
    }
}
