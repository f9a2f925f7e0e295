#!/usr/bin/env bash
# Allocations per packet on an established connection: `waybill read` over one connection of N segments, and over one
# of ten times as many. What the longer one allocates beyond the shorter one, its packets have allocated.
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

# A handshake, then segments of 1000 bytes and their acknowledgments, over IPv4 and IPv6, in one capture.
python3 - "$folder" <<'PYTHON'
import struct, sys

def frame(version, forward, seq, ack, flags, payload):
    tcp = struct.pack(">HHIIBBHHH", *((40000, 443) if forward else (443, 40000)), seq, ack, 5 << 4, flags, 64240, 0, 0)
    body = tcp + bytes(payload)
    ends = [bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])] if version == 4 else [bytes(15) + b"\x01", bytes(15) + b"\x02"]
    source, destination = ends if forward else ends[::-1]
    if version == 4:
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0x4000, 64, 6, 0) + source + destination
    else:
        ip = struct.pack(">IHBB", 6 << 28, len(body), 6, 64) + source + destination
    return b"\x02" * 6 + b"\x04" * 6 + (b"\x08\x00" if version == 4 else b"\x86\xdd") + ip + body

def capture(path, count):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        moment = 0
        def add(data):
            nonlocal moment
            moment += 10
            file.write(struct.pack("<IIII", 1700000000 + moment // 1000000, moment % 1000000, len(data), len(data)) + data)
        for version in (4, 6):
            add(frame(version, True, 99, 0, 0x02, 0))
            add(frame(version, False, 499, 100, 0x12, 0))
            add(frame(version, True, 100, 500, 0x10, 0))
            add(frame(version, True, 100, 500, 0x18, 100))
            sequence = 500
            for _ in range(count // 4):
                add(frame(version, False, sequence, 200, 0x10, 1000))
                sequence += 1000
                add(frame(version, True, 200, sequence, 0x10, 0))

capture(f"{sys.argv[1]}/short.pcap", 10_000)
capture(f"{sys.argv[1]}/long.pcap", 100_000)
PYTHON

allocations() { # CAPTURE FORMAT
    LD_PRELOAD="$folder/count.so" ALLOCATIONS_FILE="$folder/count" "$waybill" read "$folder/$1.pcap" --format "$2" >"$folder/out"
    cat "$folder/count"
}

passed=0 failed=0
for format in summary ndjson; do
    short=$(allocations short "$format")
    long=$(allocations long "$format")
    # A few come and go with the runtime's own threads; a packet path that allocates would make 90 000.
    if [ $((long - short)) -lt 90 ]; then
        passed=$((passed + 1))
        echo "ok     $format: $((long - short)) allocations more for 90000 packets more"
    else
        failed=$((failed + 1))
        echo "FAILED $format: $((long - short)) allocations more for 90000 packets more"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
exit $((failed > 0))
