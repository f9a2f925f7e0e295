#!/usr/bin/env python3
"""Makes conntrack entries by ctnetlink, in the network namespace that it runs in; needs CAP_NET_ADMIN.

    conntrack_load.py fill COUNT [FIRST]    COUNT translated entries that stand; FIRST: so many of them are there already
    conntrack_load.py churn RATE SECONDS    RATE events a second: entries made, and removed again

Each entry is a TCP connection of a host in 10.0.0.0/8 to 203.0.113.9:443 behind 198.51.100.0/24.
"""
import socket
import struct
import sys
import time

NETLINK_NETFILTER = 12
NEW, DELETE = 1 << 8, 1 << 8 | 2
REQUEST, CREATE, EXCL = 1, 0x400, 0x200


def attribute(kind, value):
    return struct.pack("=HH", len(value) + 4, kind) + value + b"\0" * (-len(value) % 4)


def nested(kind, *parts):
    return attribute(kind | 0x8000, b"".join(parts))


def addresses(source, destination, ports):
    ip = nested(1, attribute(1, source), attribute(2, destination))
    proto = nested(2, attribute(1, b"\6"), attribute(2, struct.pack(">H", ports[0])), attribute(3, struct.pack(">H", ports[1])))
    return ip + proto


SERVER = socket.inet_aton("203.0.113.9")


def message(kind, flags, number):
    port = 1024 + number % 60000
    inside = struct.pack(">I", 0x0A000001 + number // 60000)
    outside = struct.pack(">I", 0xC6336401 + number // 60000)
    body = struct.pack("=BBH", socket.AF_INET, 0, 0)
    body += nested(1, addresses(inside, SERVER, (port, 443)))
    body += nested(2, addresses(SERVER, outside, (443, port)))
    if kind == NEW:
        body += attribute(3, struct.pack(">I", 0x2 | 0x4 | 0x8))  # SEEN_REPLY, ASSURED, CONFIRMED
        body += attribute(7, struct.pack(">I", 3600))
        body += nested(4, nested(1, attribute(1, b"\3")))  # ESTABLISHED
    return struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body


def main():
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    link.bind((0, 0))
    batch = 50
    if sys.argv[1] == "fill":
        for start in range(int(sys.argv[3]) if len(sys.argv) > 3 else 0, int(sys.argv[2]), batch):
            numbers = range(start, min(start + batch, int(sys.argv[2])))
            link.send(b"".join(message(NEW, REQUEST | CREATE | EXCL, number) for number in numbers))
        return
    rate, seconds = int(sys.argv[2]), float(sys.argv[3])
    rounds = [[b"".join(message(kind, flags, 1_000_000 + part * batch + index) for index in range(batch))
               for kind, flags in ((NEW, REQUEST | CREATE | EXCL), (DELETE, REQUEST))] for part in range(20)]
    begin, sent = time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        for new, delete in rounds:
            link.send(new)
            link.send(delete)
            sent += 2 * batch
            ahead = sent / rate - (time.monotonic() - begin)
            if ahead > 0:
                time.sleep(ahead)
    print(f"{sent / (time.monotonic() - begin):.0f} events/s")


main()
