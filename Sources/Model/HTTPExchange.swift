/// One request of an HTTP/1 connection and its response.
package struct HTTPExchange: Sendable, Equatable {
    /// Its place on the connection, from 1.
    package var number: Int
    /// Absent for a response that nobody asked for, such as 408 on an idle connection.
    package var method: String?
    package var host: String?
    package var path: String?
    /// Of the request: the digit behind `HTTP/1.`.
    package var requestMinorVersion: UInt8?
    package var responseMinorVersion: UInt8?
    package var status: UInt16?
    /// Responses before the final one, such as 100 and 103, at most ``interimCapacity``.
    package var interim: [Interim] = []
    /// First and last byte of the request, its body included.
    package var requested: Timestamp?
    package var requestEnded: Timestamp?
    /// First and last byte of the final response, its body included.
    package var responded: Timestamp?
    package var responseEnded: Timestamp?
    package var requestBody = HTTPBody()
    package var responseBody = HTTPBody()
    package var contentType: String?
    package var server: String?
    /// The protocol that the connection changes to with this exchange.
    package var upgrade: String?
    /// Who ended the connection before the response was there in full, and how.
    package var interruption: Interruption?

    package static let interimCapacity = 4

    package struct Interim: Sendable, Equatable {
        package var status: UInt16
        package var time: Timestamp

        package init(status: UInt16, time: Timestamp) {
            self.status = status
            self.time = time
        }
    }

    package enum Interruption: UInt8, Sendable {
        case closedByServer, resetByServer, closedByClient, resetByClient

        package var name: String {
            switch self {
            case .closedByServer: "closed_by_server"
            case .resetByServer: "reset_by_server"
            case .closedByClient: "closed_by_client"
            case .resetByClient: "reset_by_client"
            }
        }

        package var isByClient: Bool { self == .closedByClient || self == .resetByClient }
    }

    package init(number: Int) { self.number = number }

    package var isFailed: Bool { interruption != nil || (status ?? 0) >= 400 }
}

/// The body of one HTTP/1 message. Bytes are those of the content, without chunk sizes and trailers.
package struct HTTPBody: Sendable, Equatable {
    /// As they passed; ``missing`` ones not counted.
    package var bytes: UInt64 = 0
    /// Content-Length, also where no body follows (HEAD, 304).
    package var declared: UInt64?
    package var isChunked = false
    /// Bytes of it that were not captured.
    package var missing: UInt64 = 0

    package init() {}
}
