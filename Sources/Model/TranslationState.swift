/// A translation as the kernel has it, or had it lately, and what it said of its connection.
package struct TranslationState: Sendable, Equatable {
    package var translation: Translation
    /// Those that began later have a greater one.
    package var serial: UInt64
    /// When the kernel last told something of it.
    package var heard: Timestamp
    /// Of TCP, in conntrack's words.
    package var state: String?
    /// Packets were seen in both directions (IPS_SEEN_REPLY).
    package var isAnswered: Bool

    package init(translation: Translation, serial: UInt64, heard: Timestamp, state: String?, isAnswered: Bool) {
        self.translation = translation
        self.serial = serial
        self.heard = heard
        self.state = state
        self.isAnswered = isAnswered
    }
}

/// Which translations somebody asks for: the latest ones for which all that is set holds.
package struct TranslationSelection: Sendable, Equatable {
    package var address: IPAddress?
    package var port: UInt16?
    package var transport: TransportProtocol?
    package var rewritesSource: Bool?
    package var rewritesDestination: Bool?
    package var isEnded: Bool?
    /// Only those with a lower serial.
    package var before: UInt64?
    package var limit: Int

    package init(limit: Int) { self.limit = limit }

    package func includes(_ translation: Translation, _ serial: UInt64) -> Bool {
        let ends = [
            translation.original.source, translation.original.destination, translation.reply.source,
            translation.reply.destination,
        ]
        return before.map { serial < $0 } != false
            && isEnded.map { $0 == (translation.ended != nil) } != false
            && transport.map { $0 == translation.original.transport } != false
            && rewritesSource.map { $0 == translation.rewritesSource } != false
            && rewritesDestination.map { $0 == translation.rewritesDestination } != false
            && address.map { address in ends.contains { $0.address == address } } != false
            && port.map { port in ends.contains { $0.port == port } } != false
    }
}
