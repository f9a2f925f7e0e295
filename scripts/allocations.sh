#!/usr/bin/env bash
# Allocations per packet on established flows: `waybill read` over one of N packets, and over one of many more. What the
# longer one allocates beyond the shorter one, its packets have allocated. A capture for each kind of packet: the kinds
# are the functions in KINDS below.
#
#   scripts/allocations.sh [WAYBILL]     default: the release build
# Last line: "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
waybill=${1:-.build/release/waybill}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cc=$(command -v clang || command -v cc)
"$cc" -O2 -shared -fPIC -o "$folder/count.so" scripts/count_allocations.c -ldl

# Each flow is opened, then its packets go to and fro: 1,000 of them in NAME.short.pcap, 21,000 in NAME.long.pcap.
more=20000
mapfile -t kinds < <(python3 - "$folder" "$more" <<'PYTHON'
import struct, sys

SYN, ACK, PUSH = 0x02, 0x10, 0x08

def ethernet(forward, kind, body):
    client, server = b"\x02" * 6, b"\x04" * 6
    return (server + client if forward else client + server) + struct.pack(">H", kind) + body

def ipv4(forward, protocol, body, network=b"\x0a\x00\x00"):
    client, server = network + b"\x01", network + b"\x02"
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0x4000, 64, protocol, 0) \
        + (client + server if forward else server + client) + body

def ipv6(forward, protocol, body):
    client, server = bytes(15) + b"\x01", bytes(15) + b"\x02"
    return struct.pack(">IHBB", 6 << 28, len(body), protocol, 64) \
        + (client + server if forward else server + client) + body

def ports(forward, client, server):
    return struct.pack(">HH", *((client, server) if forward else (server, client)))

def udp(forward, client, server, body):
    return ports(forward, client, server) + struct.pack(">HH", 8 + len(body), 0) + body

def over_ipv4(forward, protocol, body):
    return ethernet(forward, 0x0800, ipv4(forward, protocol, body))

def over_ipv6(forward, protocol, body):
    return ethernet(forward, 0x86DD, ipv6(forward, protocol, body))

def in_vxlan(forward, protocol, body):
    inner = ethernet(forward, 0x0800, ipv4(forward, protocol, body, b"\xc0\xa8\x00"))
    return over_ipv4(forward, 17, struct.pack(">HHHHII", 55555, 4789, 16 + len(inner), 0, 0x08000000, 42 << 8) + inner)

def in_gre(forward, protocol, body):
    return over_ipv4(forward, 47, struct.pack(">HH", 0, 0x0800) + ipv4(forward, protocol, body, b"\xc0\xa8\x00"))

def in_pppoe(forward, protocol, body):
    inner = ipv4(forward, protocol, body, b"\xc0\xa8\x00")
    return ethernet(forward, 0x8864, struct.pack(">BBHHH", 0x11, 0, 7, 2 + len(inner), 0x0021) + inner)

def connection(carry, words, bodies, count):
    """A handshake, what both sides say in turn, then segments with one body after the other, each acknowledged."""
    sent = [100, 500]
    def segment(forward, flags, payload=b""):
        mine, other = (0, 1) if forward else (1, 0)
        head = ports(forward, 40000, 8080) + struct.pack(">IIBBHHH", sent[mine] % 2**32, sent[other] % 2**32, 5 << 4, flags, 64240, 0, 0)
        sent[mine] += len(payload) + (1 if flags & SYN else 0)
        return carry(forward, 6, head + payload)
    yield segment(True, SYN)
    yield segment(False, SYN | ACK)
    yield segment(True, ACK)
    for place, word in enumerate(words):
        yield segment(place % 2 == 0, ACK | PUSH, word)
    for place in range(count // 2):
        yield segment(False, ACK, bodies[place % len(bodies)])
        yield segment(True, ACK)

def record(kind, body):
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body

def hello(kind, body):
    extensions = struct.pack(">HHBH", 43, 3, 2, 0x0304) if kind == 1 else struct.pack(">HHH", 43, 2, 0x0304)
    message = b"\x03\x03" + bytes(32) + b"\x00" + body + struct.pack(">H", len(extensions)) + extensions
    return record(22, struct.pack(">I", kind << 24 | len(message)) + message)

ZEROS = [bytes(1000)]
REQUEST = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
HELLOS = [hello(1, b"\x00\x02\x13\x01\x01\x00"), hello(2, b"\x13\x01\x00"), record(23, bytes(60))]
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# Of chunks of 1,500 bytes: so sizes stand in the middle of segments, are cut in two, and some segments have none.
CHUNK = b"5dc\r\n" + bytes(1500) + b"\r\n"
PIECES = [(CHUNK * 1000)[1000 * place:1000 * place + 1000] for place in range(len(CHUNK))]

def datagrams(count, server, opening, to_server, to_client):
    for forward, body in opening:
        yield over_ipv4(forward, 17, udp(forward, 40000, server, body))
    for _ in range(count // 2):
        yield over_ipv4(True, 17, udp(True, 40000, server, to_server))
        yield over_ipv4(False, 17, udp(False, 40000, server, to_client))

def quic(count):
    client, server = b"\xc1\xc2\xc3\xc4\xc5", b"\x51\x52\x53\x54\x55\x56"
    def long(flags, to, source, rest):
        return struct.pack(">BI", flags, 1) + bytes([len(to)]) + to + bytes([len(source)]) + source + rest
    opening = [
        (True, long(0xC0, bytes(8), client, b"\x00\x44\xe0" + bytes(0x4E0))),
        (False, long(0xE0, client, server, b"\x40\x64" + bytes(100))),
        (True, long(0xE0, server, client, b"\x40\x64" + bytes(100))),
    ]
    return datagrams(count, 443, opening, b"\x40" + server + bytes(40), b"\x40" + client + bytes(1200))

KINDS = {
    "TCP over IPv4": lambda count: connection(over_ipv4, [bytes(100)], ZEROS, count),
    "TCP over IPv6": lambda count: connection(over_ipv6, [bytes(100)], ZEROS, count),
    "TLS application data": lambda count: connection(over_ipv4, HELLOS, [record(23, bytes(995))], count),
    "HTTP body with a length": lambda count: connection(over_ipv4, [REQUEST, LENGTH], ZEROS, count),
    "HTTP body in chunks": lambda count: connection(over_ipv4, [REQUEST, CHUNKED], PIECES, count),
    "QUIC 1-RTT": quic,
    "UDP": lambda count: datagrams(count, 5000, [], bytes(100), bytes(1000)),
    "TCP in VXLAN": lambda count: connection(in_vxlan, [bytes(100)], ZEROS, count),
    "TCP in GRE": lambda count: connection(in_gre, [bytes(100)], ZEROS, count),
    "TCP in PPPoE": lambda count: connection(in_pppoe, [bytes(100)], ZEROS, count),
    "HTTP body in chunks in VXLAN": lambda count: connection(in_vxlan, [REQUEST, CHUNKED], PIECES, count),
}

for name, frames in KINDS.items():
    for length, count in [("short", 1000), ("long", 1000 + int(sys.argv[2]))]:
        with open(f"{sys.argv[1]}/{name}.{length}.pcap", "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
            for moment, data in enumerate(frames(count)):
                file.write(struct.pack("<IIII", 1700000000, 10 * moment, len(data), len(data)) + data)
    print(name)
PYTHON
)

allocations() { # CAPTURE FORMAT
    LD_PRELOAD="$folder/count.so" ALLOCATIONS_FILE="$folder/count" "$waybill" read "$folder/$1.pcap" --format "$2" >"$folder/out"
    cat "$folder/count"
}

passed=0 failed=0
for kind in "${kinds[@]}"; do
    for format in summary ndjson; do
        short=$(allocations "$kind.short" "$format")
        long=$(allocations "$kind.long" "$format")
        # A few come and go with the runtime's own threads; a packet path that allocates would make thousands.
        if [ $((long - short)) -lt 20 ]; then
            passed=$((passed + 1))
            echo "ok     $kind, $format: $((long - short)) allocations more for $more packets more"
        else
            failed=$((failed + 1))
            echo "FAILED $kind, $format: $((long - short)) allocations more for $more packets more"
        fi
    done
done
[ "${#kinds[@]}" -gt 0 ] || failed=1
echo "$passed passed, $failed failed, 0 skipped"
exit $((failed > 0))
