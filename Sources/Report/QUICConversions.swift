import API
import Model

extension QUICConnection {
    init(_ facts: QUICFacts) {
        self.init(
            version: facts.version.description, versionNegotiation: facts.versionNegotiation != nil,
            retry: facts.retry != nil, zeroRTTPackets: facts.zeroRTTPackets, unreadInitials: facts.unreadInitials,
            addressChanges: facts.addressChanges.map { change in
                AddressChange(
                    time: Time(change.time), party: change.party.name, from: SocketAddress(change.from),
                    to: SocketAddress(change.to))
            })
        if facts.firstVersion != facts.version { firstVersion = facts.firstVersion.description }
        versionsOffered = facts.versionsOffered.map(\.description)
        clientConnectionID = facts.clientConnectionID?.description
        serverConnectionID = facts.serverConnectionID?.description
        originalDestinationConnectionID = facts.originalDestinationConnectionID?.description
        rtt = facts.roundTrip.map { Milliseconds($0) }
        if let first = facts.clientInitial, let finished = facts.finished { handshake = Milliseconds(finished - first) }
        transportParameters = facts.transportParameters.map { TransportParameters($0) }
        close = facts.close.map { Close($0) }
    }
}

extension QUICConnection.TransportParameters {
    init(_ values: QUICTransportParameters) {
        self.init(disableActiveMigration: values.disablesActiveMigration)
        maxIdleTimeout = values.maxIdleTimeout.map { Milliseconds($0) }
        maxUDPPayloadSize = values.maxUDPPayloadSize
        initialMaxData = values.initialMaxData
        initialMaxStreamsBidi = values.initialMaxBidirectionalStreams
        initialMaxStreamsUni = values.initialMaxUnidirectionalStreams
    }
}

extension QUICConnection.Close {
    init(_ close: QUICClose) {
        self.init(time: Time(close.time), by: close.from.name, errorCode: close.errorCode, error: close.name)
        frameType = close.frameType
        reasonPhrase = close.reasonPhrase
    }
}
