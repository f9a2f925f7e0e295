"""Frames by the hundred thousand, from a packet socket: run in the namespace whose interface sends them.

    traffic.py KIND COUNT SOURCE_MAC DESTINATION_MAC SOURCE DESTINATION

KIND: syn (COUNT different tuples, never answered), arp (COUNT different senders), day (COUNT short requests, each with the
lookup of its name, a TCP connection, a response and its close).
"""

import socket
import struct
import sys
import time


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(destination, source, kind):
    return destination + source + struct.pack(">H", kind)


def ipv4(source, destination, protocol, payload):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0, source, destination)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def tcp(source, destination, sequence, acknowledgment, flags, payload=b""):
    return struct.pack(">HHIIBBHHH", source, destination, sequence, acknowledgment, 0x50, flags, 65535, 0, 0) + payload


def udp(source, destination, payload):
    return struct.pack(">HHHH", source, destination, 8 + len(payload), 0) + payload


SYN, ACK, FIN, PUSH = 2, 16, 1, 8


def syns(count, macs, source, destination):
    frame = bytearray(ethernet(macs[1], macs[0], 0x0800) + ipv4(source, destination, 6, tcp(1024, 9, 1, 0, SYN)))
    for number in range(count):
        # 65,000 ports of as many addresses as it takes; the header's checksum is nobody's concern on the way.
        address, port = divmod(number, 64000)
        struct.pack_into(">BB", frame, 28, address >> 8 & 0xFF, address & 0xFF)
        struct.pack_into(">H", frame, 34, 1024 + port)
        yield frame


def arps(count, macs, source, destination):
    frame = bytearray(
        ethernet(b"\xff" * 6, macs[0], 0x0806)
        + struct.pack(">HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 1, macs[0], source, bytes(6), destination))
    for number in range(count):
        # The sender's MAC, but for its first two octets, and its IP address.
        struct.pack_into(">II", frame, 24, number, 0x0A000000 | number & 0xFFFFFF)
        yield frame


def name(number):
    label = f"host{number:06d}".encode()
    return bytes([len(label)]) + label + b"\x03day\x04test\x00"


def day(count, macs, source, destination):
    """As the client's side saw them: what it sent and what it got."""
    out, back = ethernet(macs[1], macs[0], 0x0800), ethernet(macs[0], macs[1], 0x0800)
    request = b"GET / HTTP/1.1\r\nHost: day.test\r\n\r\n"
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    for number in range(count):
        port = 1024 + number % 60000
        server = bytes([10, 99, number >> 8 & 0xFF, number & 0xFF])
        question = name(number) + struct.pack(">HH", 1, 1)
        query = struct.pack(">HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + question
        answer = (
            struct.pack(">HHHHHH", number & 0xFFFF, 0x8180, 1, 1, 0, 0) + question
            + struct.pack(">HHHIH4s", 0xC00C, 1, 1, 60, 4, server))
        yield out + ipv4(source, destination, 17, udp(port, 53, query))
        yield back + ipv4(destination, source, 17, udp(53, port, answer))
        c, s = 1000, 5000

        def sent(payload=b"", flags=ACK):
            return out + ipv4(source, server, 6, tcp(port, 80, c, s if flags != SYN else 0, flags, payload))

        def got(payload=b"", flags=ACK):
            return back + ipv4(server, source, 6, tcp(80, port, s, c, flags, payload))

        yield sent(flags=SYN)
        c += 1
        yield got(flags=SYN | ACK)
        s += 1
        yield sent()
        yield sent(request, PUSH | ACK)
        c += len(request)
        yield got(response, PUSH | ACK)
        s += len(response)
        yield sent()
        yield got(flags=FIN | ACK)
        s += 1
        yield sent(flags=FIN | ACK)
        c += 1
        yield got()


KINDS = {"syn": syns, "arp": arps, "day": day}


def main(words):
    if len(words) != 6 or words[0] not in KINDS:
        sys.exit(__doc__)
    kind, count, *rest = words
    macs = [bytes.fromhex(text) for text in rest[:2]]
    addresses = [socket.inet_aton(text) for text in rest[2:]]
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind(("eth0", 0))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    began, sent = time.monotonic(), 0
    for frame in KINDS[kind](int(count), macs, *addresses):
        while True:
            try:
                link.send(frame)
                break
            except OSError:  # the queue is full
                time.sleep(0.0005)
        sent += 1
    print(f"{sent} frames in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
