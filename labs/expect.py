"""Writes a first NAME.expected.json for a capture: the requests that tshark sees in it, by their servers' ends.

    expect.py FILE.pcap

Tests/CrossCheckTests/ExpectedFactsTests.swift reads it: every object in `records` must be part of one line of
`waybill read --format ndjson`. What the capture is there to show is added by hand, from the RFC, from tshark, or from
what the scenario did; never from Waybill's own output. `null` means that the field must be absent.
"""

import json
import shutil
import subprocess
import sys


def conversations(path: str) -> list[dict]:
    """One object for each TCP connection (by its SYN) and each UDP exchange (by its first datagram)."""
    if not shutil.which("tshark"):
        return []
    fields = ["ip.dst", "ipv6.dst", "tcp.dstport", "udp.dstport", "tcp.stream", "udp.stream"]
    command = ["tshark", "-n", "-r", path, "-Y", "(tcp.flags.syn == 1 && tcp.flags.ack == 0) || udp", "-T", "fields"]
    output = subprocess.run(
        command + [word for field in fields for word in ("-e", field)], capture_output=True, text=True, check=True
    ).stdout
    seen, found = set(), []
    for line in output.splitlines():
        # Of a frame inside a tunnel, the innermost counts.
        ip, ip6, tcp, udp, tcp_stream, udp_stream = (value.split(",")[-1] for value in line.split("\t"))
        transport, port, stream = ("tcp", tcp, tcp_stream) if tcp else ("udp", udp, udp_stream)
        if (transport, stream) in seen:
            continue
        seen.add((transport, stream))
        server = {"address": ip6 or ip, "port": int(port)}
        found.append({"record": "request", "protocol": transport, "server": server})
    return found


if __name__ == "__main__":
    records = conversations(sys.argv[1])
    print('{"records": [')
    print(",\n".join("  " + json.dumps(record) for record in records))
    print("]}")
