"""Writes a first NAME.expected.json for a capture: the requests and lookups that tshark sees in it.

    expect.py FILE.pcap

Tests/EngineTests/ExpectedFactsTests.swift reads it: every object in `records` must be part of one line of
`waybill read --format ndjson`. What the capture is there to show is added by hand, from the RFC, from tshark, or from
what the scenario did; never from Waybill's own output. `null` means that the field must be absent.
"""

import json
import shutil
import subprocess
import sys


def rows(path: str, display_filter: str, fields: list[str]) -> list[list[str]]:
    """One row for each frame; of a field that is there twice, inside and outside a tunnel, the innermost."""
    command = ["tshark", "-n", "-r", path, "-Y", display_filter, "-T", "fields"]
    command += [word for field in fields for word in ("-e", field)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [[value.split(",")[-1] for value in line.split("\t")] for line in output.splitlines()]


def requests(path: str) -> list[dict]:
    """One object for each TCP connection (by its SYN) and each UDP exchange (by its first datagram)."""
    seen, found = set(), []
    fields = ["ip.dst", "ipv6.dst", "tcp.dstport", "udp.dstport", "tcp.stream", "udp.stream"]
    for ip, ip6, tcp, udp, tcp_stream, udp_stream in rows(path, "tcp.flags == 2 || (udp && !icmp && !icmpv6)", fields):
        protocol, port, stream = ("tcp", tcp, tcp_stream) if tcp else ("udp", udp, udp_stream)
        if (protocol, stream) in seen:
            continue
        seen.add((protocol, stream))
        server = {"address": ip6 or ip, "port": int(port)}
        found.append({"record": "request", "protocol": protocol, "server": server})
    return found


def lookups(path: str) -> list[dict]:
    """One object for each DNS question, by its id, name and type, with its answer's RCODE."""
    found = {}
    fields = ["udp.stream", "dns.id", "dns.qry.name", "dns.qry.type", "dns.flags.response", "dns.flags.rcode"]
    names = {1: "A", 12: "PTR", 16: "TXT", 28: "AAAA", 33: "SRV", 65: "HTTPS"}
    codes = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
    for *key, response, rcode in rows(path, "dns && udp && !icmp && !mdns && !llmnr", fields):
        question = found.setdefault(tuple(key), {"record": "lookup", "name": key[2], "rcode": None})
        if key[3] and int(key[3]) in names:
            question["type"] = names[int(key[3])]
        if response in ("1", "True") and rcode and int(rcode) in codes:
            question["rcode"] = codes[int(rcode)]
    return list(found.values())


if __name__ == "__main__":
    path = sys.argv[1]
    records = requests(path) + lookups(path) if shutil.which("tshark") else []
    print('{"records": [')
    print(",\n".join("  " + json.dumps(record) for record in records))
    print("]}")
