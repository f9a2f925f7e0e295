#!/usr/bin/env python3
"""One end of a tunnel, for kernels without a module for it: a TUN or TAP device whose packets travel inside of others.

tunnel_peer.py DEVICE gre|gretap LOCAL REMOTE KEY       IP or Ethernet in GRE, with a key and sequence numbers
tunnel_peer.py DEVICE ip LOCAL REMOTE                   IPv4 and IPv6 in IPv4 or IPv6: protocols 4 and 41
tunnel_peer.py DEVICE geneve LOCAL REMOTE VNI           Ethernet in Geneve, with an option
tunnel_peer.py DEVICE mpls INTERFACE MAC LABEL...       IP under a stack of labels, the outermost first
tunnel_peer.py DEVICE pseudowire INTERFACE MAC LABEL... Ethernet under it, behind a control word
tunnel_peer.py DEVICE pppoe INTERFACE MAC SESSION       IP in PPP in the frames of a session that nobody negotiated
tunnel_peer.py DEVICE late MILLISECONDS                 no tunnel: packets come back by the same device, so much later

The other end is another tunnel_peer.py, with LOCAL and REMOTE, or the MACs, the other way round. The device is gone
when the process ends. It prints `ready` once packets can pass.
"""

import fcntl
import itertools
import os
import select
import socket
import struct
import sys
import threading

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_TAP, IFF_NO_PI = 0x0001, 0x0002, 0x1000
IPV4, IPV6, ETHERNET, MPLS, PPPOE = 0x0800, 0x86DD, 0x6558, 0x8847, 0x8864


def by_version(packet, ipv4, ipv6):
    """What stands for the packet's version of IP; None for a packet of neither."""
    return {4: ipv4, 6: ipv6}.get(packet[0] >> 4)


class RawIP:
    """A raw socket of one IP protocol: the kernel writes the IP header, and routes."""

    def __init__(self, local, remote, protocol):
        self.is_ipv6 = ":" in local
        self.socket = socket.socket(socket.AF_INET6 if self.is_ipv6 else socket.AF_INET, socket.SOCK_RAW, protocol)
        self.socket.bind((local, 0))
        self.remote = (remote, 0)

    def send(self, payload):
        self.socket.sendto(payload, self.remote)

    def receive(self):
        """The payload; of IPv4 alone the kernel hands over the header too."""
        packet, sender = self.socket.recvfrom(65535)
        if sender[0] != self.remote[0]:
            return b""
        return packet if self.is_ipv6 else packet[(packet[0] & 15) * 4 :]


class GRE:
    """RFC 2784, with the key and the sequence number of RFC 2890."""

    def __init__(self, local, remote, key, has_frames=False):
        self.device_type = IFF_TAP if has_frames else IFF_TUN
        self.raw = RawIP(local, remote, socket.IPPROTO_GRE)
        self.sockets = [self.raw.socket]
        self.key = int(key)
        self.sequence = itertools.count()

    def send(self, packet):
        kind = ETHERNET if self.device_type == IFF_TAP else by_version(packet, IPV4, IPV6)
        self.raw.send(struct.pack("!HHII", 0x3000, kind, self.key, next(self.sequence)) + packet)

    def receive(self, _):
        payload = self.raw.receive()
        if len(payload) < 12 or struct.unpack_from("!HHI", payload)[::2] != (0x3000, self.key):
            return b""
        return payload[12:]


class IPInIP:
    """RFC 2003 and RFC 4213 within IPv4, RFC 2473 within IPv6."""

    device_type = IFF_TUN

    def __init__(self, local, remote):
        self.four = RawIP(local, remote, socket.IPPROTO_IPIP)
        self.six = RawIP(local, remote, socket.IPPROTO_IPV6)
        self.sockets = [self.four.socket, self.six.socket]

    def send(self, packet):
        by_version(packet, self.four, self.six).send(packet)

    def receive(self, ready):
        return (self.four if ready is self.four.socket else self.six).receive()


class Geneve:
    """RFC 8926; the option is of the class for experiments, and not critical."""

    device_type = IFF_TAP
    PORT = 6081
    OPTION = struct.pack("!HBBI", 0xFFFF, 1, 1, 0x77617962)

    def __init__(self, local, remote, network):
        self.network = int(network)
        self.remote = (remote, self.PORT)
        # As kernels do it: from a port of its own, to the well-known one.
        self.outgoing, self.incoming = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self.outgoing.bind((local, 0))
        self.incoming.bind((local, self.PORT))
        self.sockets = [self.incoming]

    def send(self, frame):
        header = struct.pack("!BBHI", len(self.OPTION) // 4, 0, ETHERNET, self.network << 8)
        self.outgoing.sendto(header + self.OPTION + frame, self.remote)

    def receive(self, _):
        payload = self.incoming.recv(65535)
        if len(payload) < 8 or struct.unpack_from("!HI", payload, 2) != (ETHERNET, self.network << 8):
            return b""
        return payload[8 + (payload[0] & 63) * 4 :]


class Link:
    """Frames of one EtherType; the kernel writes the Ethernet header."""

    def __init__(self, interface, station, ethertype):
        self.station = bytes.fromhex(station.replace(":", ""))
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ethertype))
        self.socket.bind((interface, ethertype))
        self.to = (interface, ethertype, 0, 0, self.station)

    def send(self, payload):
        self.socket.sendto(payload, self.to)

    def receive(self):
        payload, (_, _, kind, _, sender) = self.socket.recvfrom(65535)
        return payload if kind != socket.PACKET_OUTGOING and sender == self.station else b""


class LabelStack:
    """RFC 3032; Ethernet as RFC 4448 has it, with a control word."""

    def __init__(self, interface, station, *labels, has_frames=False):
        self.device_type = IFF_TAP if has_frames else IFF_TUN
        self.link = Link(interface, station, MPLS)
        self.sockets = [self.link.socket]
        entries = [int(label) << 12 | 64 for label in labels]
        entries[-1] |= 0x100  # the bottom of the stack
        self.header = struct.pack(f"!{len(entries)}I", *entries) + bytes(4 if has_frames else 0)

    def send(self, packet):
        self.link.send(self.header + packet)

    def receive(self, _):
        payload = self.link.receive()
        return payload[len(self.header) :] if payload.startswith(self.header) else b""


class PPPoE:
    """RFC 2516, without its discovery."""

    device_type = IFF_TUN

    def __init__(self, interface, station, session):
        self.session = int(session)
        self.link = Link(interface, station, PPPOE)
        self.sockets = [self.link.socket]

    def send(self, packet):
        protocol = by_version(packet, 0x0021, 0x0057)
        self.link.send(struct.pack("!HHHH", 0x1100, self.session, len(packet) + 2, protocol) + packet)

    def receive(self, _):
        payload = self.link.receive()
        if len(payload) < 8 or struct.unpack_from("!HH", payload) != (0x1100, self.session):
            return b""
        # What is beyond the length is padding.
        return payload[8 : 6 + struct.unpack_from("!H", payload, 4)[0]]


class LongWay:
    """Both ends of it: each packet is kept for a while, and given back."""

    device_type = IFF_TUN

    def __init__(self, milliseconds):
        self.seconds = int(milliseconds) / 1000
        self.begin, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sockets = [end]

    def send(self, packet):
        threading.Timer(self.seconds, self.begin.send, [packet]).start()

    def receive(self, ready):
        return ready.recv(65535)


KINDS = {
    "gre": GRE,
    "gretap": lambda *arguments: GRE(*arguments, has_frames=True),
    "ip": IPInIP,
    "geneve": Geneve,
    "mpls": LabelStack,
    "pseudowire": lambda *arguments: LabelStack(*arguments, has_frames=True),
    "pppoe": PPPoE,
    "late": LongWay,
}


def main(name, kind, *arguments):
    tunnel = KINDS[kind](*arguments)
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH14x", name.encode(), tunnel.device_type | IFF_NO_PI))
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([device, *tunnel.sockets], [], [])
        for source in ready:
            try:
                if source == device:
                    tunnel.send(os.read(device, 65535))
                elif packet := tunnel.receive(source):
                    os.write(device, packet)
            except OSError as error:
                print(error, flush=True)  # a link that is down for a moment, as with any interface


if __name__ == "__main__":
    main(*sys.argv[1:])
