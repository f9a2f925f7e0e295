/// One request on an HTTP/1 connection and its response.
package struct HTTPExchange: Sendable, Equatable, Decodable {
    /// Its place on the connection, from 1.
    package var number: Int
    /// Absent for a response that nobody asked for.
    package var method: String?
    package var host: String?
    /// Escaped, without the query.
    package var path: String?
    /// Of the request: `1.1`.
    package var version: String?
    package var status: UInt16?
    package var responseVersion: String?
    /// Responses before the final one; the first four.
    package var interim: [InterimResponse] = []
    /// First and last byte of the request, its body included.
    package var requested: Time?
    package var requestEnded: Time?
    /// First and last byte of the final response, its body included.
    package var responded: Time?
    package var responseEnded: Time?
    /// Content-Length as declared, also where no body follows.
    package var requestContentLength: UInt64?
    /// Bytes of the content, without chunk sizes and trailers.
    package var requestBytes: UInt64 = 0
    package var requestChunked = false
    package var contentLength: UInt64?
    package var responseBytes: UInt64 = 0
    package var responseChunked = false
    /// Bytes of the two bodies that were not captured.
    package var missingBytes: UInt64 = 0
    /// Without parameters.
    package var contentType: String?
    package var server: String?
    package var upgrade: String?
    /// Who ended the connection before the response was there in full: `closed_by_server`, `reset_by_server`,
    /// `closed_by_client` or `reset_by_client`.
    package var interrupted: String?

    package init(number: Int) { self.number = number }

    private enum CodingKeys: String, CodingKey {
        case number, method, host, path, version, status, interim, requested, responded, server, upgrade, interrupted
        case responseVersion = "response_version"
        case requestEnded = "request_ended"
        case responseEnded = "response_ended"
        case requestContentLength = "request_content_length"
        case requestBytes = "request_body_bytes"
        case requestChunked = "request_chunked"
        case contentLength = "content_length"
        case responseBytes = "response_body_bytes"
        case responseChunked = "response_chunked"
        case missingBytes = "missing_body_bytes"
        case contentType = "content_type"
    }
}

extension HTTPExchange: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("number", number)
        writer.field("method", method)
        writer.field("host", host)
        writer.field("path", path)
        writer.field("version", version)
        writer.field("status", status)
        writer.field("response_version", responseVersion)
        writer.field("interim", interim)
        writer.field("requested", requested)
        writer.field("request_ended", requestEnded)
        writer.field("responded", responded)
        writer.field("response_ended", responseEnded)
        writer.field("request_content_length", requestContentLength)
        writer.field("request_body_bytes", requestBytes)
        writer.field("request_chunked", requestChunked)
        writer.field("content_length", contentLength)
        writer.field("response_body_bytes", responseBytes)
        writer.field("response_chunked", responseChunked)
        writer.field("missing_body_bytes", missingBytes)
        writer.field("content_type", contentType)
        writer.field("server", server)
        writer.field("upgrade", upgrade)
        writer.field("interrupted", interrupted)
        writer.endObject()
    }
}
