import Model

/// A request of the given second; `number` makes its tuple.
func request(at second: Int64, _ number: UInt32 = 0, name: String? = nil, lasting: Int = 1) -> Lifecycle {
    let first = Timestamp(seconds: second, nanoseconds: 0)
    let client = Endpoint(IPAddress(v4: 0x0A00_0000 | number), UInt16(truncatingIfNeeded: 49_152 + number % 16_384))
    let server = Endpoint(IPAddress(v4: 0xC000_0201), 443)
    var lifecycle = Lifecycle(
        id: RequestID(client: client, server: server, transport: .tcp, first: first), transport: .tcp,
        direction: .outbound, client: Side(endpoint: client), server: Side(endpoint: server), first: first,
        last: first + .seconds(lasting))
    lifecycle.ending = .closed
    if let name { lifecycle.names = [NameJoin(name: name, how: .answer)] }
    return lifecycle
}
