#!/usr/bin/env bash
# The memory of `waybill read` does not grow with its input: its peak after one long capture, and after one that is
# several times as long. The captures are the project's own, over and over, each time a little later and from another
# client, and go through a pipe: nothing is written.
#
#   scripts/flat_memory.sh [-s MIB] [-l MIB] [COMMAND...]
#
# -s, -l: the shorter and the longer capture, 576 and 1152 MiB when absent: after 460 MiB the table of names, the last
# to fill, is full (docs/performance.md has 1024 and 4096).
# COMMAND: what reads a capture on standard input, instead of the release build with `--format summary`, `… ndjson`.
# Last line: "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

short=576 long=1152
while getopts s:l: option; do
    case $option in
        s) short=$OPTARG ;;
        l) long=$OPTARG ;;
        *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

exec python3 - "$short" "$long" "$@" <<'PYTHON'
import glob, os, struct, subprocess, sys

CLIENT = bytes([10, 77, 1, 2])
# Nothing is closed, answered or renewed for longer than this: with each pass the one before it ages by as much.
STEP = 120


class Template:
    """All captures in one run, and where in it the times and the client's addresses are."""

    def __init__(self):
        records, self.times, self.addresses = [], [], []
        length, span = 0, 0
        for path in sorted(glob.glob("Tests/Captures/*.pcap")):
            data = open(path, "rb").read()
            magic, linktype = struct.unpack_from("<I16xI", data)
            if magic != 0xA1B23C4D or linktype != 1:
                continue
            offset, first = 24, None
            while offset + 16 <= len(data):
                seconds, fraction, captured, _ = struct.unpack_from("<IIII", data, offset)
                frame = data[offset + 16 : offset + 16 + captured]
                first = seconds if first is None else first
                self.times.append((length, span + max(0, seconds - first)))
                # Ethernet, IPv4: source or destination.
                if frame[12:14] == b"\x08\x00":
                    self.addresses += [length + 16 + at for at in (26, 30) if frame[at : at + 4] == CLIENT]
                records.append(data[offset : offset + 16 + captured])
                length += 16 + captured
                offset += 16 + captured
            span = self.times[-1][1] + 1
        self.span = span + STEP
        self.bytes = bytearray(b"".join(records))

    def passed(self, number):
        """The run as it looks the `number`th time."""
        base = 1_700_000_000 + number * self.span
        client = struct.pack(">I", 0x0A000002 + (number % 0x3FFF00) * 4)
        for offset, seconds in self.times:
            struct.pack_into("<I", self.bytes, offset, base + seconds)
        for offset in self.addresses:
            self.bytes[offset : offset + 4] = client
        return self.bytes


def peak(template, mebibytes, command):
    """Feeds so much to the command; its peak resident size in KiB, and the frames that it was given."""
    reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    written, number = 0, 0
    with reader.stdin as pipe:
        pipe.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        while written < mebibytes << 20:
            written += pipe.write(template.passed(number))
            number += 1
    _, status, usage = os.wait4(reader.pid, 0)
    reader.returncode = os.waitstatus_to_exitcode(status)
    if reader.returncode != 0:
        sys.exit(f"flat_memory.sh: {' '.join(command)} ended with status {reader.returncode}")
    return usage.ru_maxrss, number * len(template.times)


short, long, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
waybill = [".build/release/waybill", "read", "-", "--format"]
commands = [command] if command else [waybill + ["summary"], waybill + ["ndjson"]]
template = Template()
failed = 0
for command in commands:
    (before, few), (after, many) = (peak(template, size, command) for size in (short, long))
    flat = after <= before * 1.05 + 512
    failed += not flat
    print(
        f"{'ok    ' if flat else 'FAILED'} {command[-1]}: peak {before / 1024:.1f} MiB after {short} MiB "
        f"({few} frames), {after / 1024:.1f} MiB after {long} MiB ({many} frames)",
        flush=True,
    )
print(f"{len(commands) - failed} passed, {failed} failed, 0 skipped")
sys.exit(failed > 0)
PYTHON
