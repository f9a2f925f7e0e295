import Decode
import Model

/// Follows a TLS handshake by the records at the start of each portion of bytes.
///
/// It is over, for TLS 1.3, when the client sends its flight after the ServerHello; for older versions when both
/// sides have changed to encryption (RFC 8446 §2, RFC 5246 §7.3).
final class TLSFollower: ApplicationFollower {
    private var facts = TLSFacts()
    private var isHello = true
    private var isLost = false
    private var clientCiphers = false
    private var serverCiphers = false
    private var segments = 0

    /// Portions that are looked at; handshakes take fewer.
    private static let limit = 32

    // After the handshake alerts are encrypted; before, one fatal alert ends it.
    var isDone: Bool {
        isLost || facts.finished != nil || facts.endingAlert != nil || segments > Self.limit
    }

    func read(_ bytes: RawSpan, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        segments += 1
        if isHello {
            isHello = false
            guard let record = TLSRecordView(bytes), let hello = ClientHelloView(message: record.fragment) else {
                isLost = true
                return bytes.byteCount
            }
            facts.clientHello = time
            facts.offer = TLSOffer(hello, over: .tcp)
            news.name = hello.serverName
            news.messages = 1
        } else {
            follow(bytes, direction, time)
        }
        news.isTurn = isDone
        return bytes.byteCount
    }

    func lose(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) {}

    func tell(_ application: inout ApplicationFacts) {
        guard facts.clientHello != nil else { return }
        application.kind = .tls
        application.tls = facts
    }

    private func follow(_ bytes: RawSpan, _ direction: Int, _ time: Timestamp) {
        if direction == 1, facts.serverHello == nil, let record = TLSRecordView(bytes),
            record.contentType == .handshake, let hello = ServerHelloView(message: record.fragment)
        {
            facts.read(hello, at: time)
        }
        var records = TLSRecords(bytes)
        while let record = records.next() {
            if let alert = record.alert {
                facts.note(
                    TLSAlertReport(
                        time: time, from: direction == 0 ? .client : .server, level: alert.level,
                        description: alert.description))
            }
            let isEncrypted = record.contentType == .changeCipherSpec || record.contentType == .applicationData
            // In TLS 1.3 a change of cipher before the ServerHello is there for old middleboxes alone.
            guard isEncrypted, facts.serverHello != nil else { continue }
            if direction == 0 { clientCiphers = true } else { serverCiphers = true }
        }
        let isAgreed = clientCiphers && (serverCiphers || facts.version == TLSNames.version13)
        if facts.finished == nil, facts.serverHello != nil, isAgreed { facts.finished = time }
    }
}
