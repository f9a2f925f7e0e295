#!/usr/bin/env python3
"""Drives labs/attribution.sh: many short programs, and whether the daemon knows which of them asked what.

Each program's own word is the truth: its process number and the ports that it used. What is made, `jobs` at a time:

  curl     curl over TCP; --local-port gives each a port of its own, so that its number and its port are known
  dig      dig over UDP, bound to a port of its own (-b ADDRESS#PORT)
  child    a forked child that runs no program of its own, connects or sends one datagram, and ends within 1-2 ms
  held     sockets of this process that were open before the daemon began (with --held)

usage: attribution.py SOCKET ADDRESS SERVER COUNT [--jobs N] [--kinds curl,dig,child] [--daemon PID] [--minimum SHARE]
Prints a table for people, or JSON with --json; exits with 1 when one was attributed wrongly or too few were at all.
"""
import argparse
import collections
import http.client
import json
import os
import socket
import subprocess
import sys
import time

FIRST_PORT = 20000


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def get(path, target):
    connection = Connection(path)
    connection.request("GET", target)
    return json.load(connection.getresponse())


def requests_since(path, since):
    found, cursor = [], ""
    while True:
        page = get(path, f"/v1/requests?since={since}&limit=1000{cursor}")
        found += page["items"]
        if not page.get("next_cursor"):
            return found
        cursor = "&cursor=" + page["next_cursor"]


def ticks(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


class Jobs:
    """Runs programs, so many at a time, and remembers which number had which port."""

    def __init__(self, limit):
        self.limit = limit
        self.running = {}
        self.truth = {}

    def reap(self, flags=0):
        pid, _ = os.waitpid(-1, flags)
        self.running.pop(pid, None)
        return pid

    def start(self, kind, port, transport, make):
        while len(self.running) >= self.limit:
            self.reap()
        pid = make()
        self.running[pid] = kind
        self.truth[transport, port] = (kind, pid)

    def finish(self):
        while self.running:
            self.reap()


def spawn(words):
    null = os.open(os.devnull, os.O_RDWR)
    try:
        return os.posix_spawnp(words[0], words, os.environ,
                               file_actions=[(os.POSIX_SPAWN_DUP2, null, n) for n in (0, 1, 2)])
    finally:
        os.close(null)


def child(address, port, server, is_tcp):
    pid = os.fork()
    if pid:
        return pid
    try:
        if is_tcp:
            peer = socket.socket()
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            peer.bind((address, port))
            peer.connect((server, 8080))
        else:
            peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            peer.bind((address, port))
            peer.sendto(b"\0" * 12, (server, 53))
    finally:
        os._exit(0)


def job(kind, address, port, server):
    if kind == "curl":
        return "tcp", lambda: spawn(["curl", "-s", "-o", "/dev/null", "--max-time", "10", "--local-port", str(port),
                                     f"http://{server}:8080/"])
    if kind == "dig":
        return "udp", lambda: spawn(["dig", "-b", f"{address}#{port}", "+tries=1", "+time=2", f"@{server}",
                                     "www.lab.test"])
    is_tcp = port % 2 == 0
    return ("tcp" if is_tcp else "udp"), lambda: child(address, port, server, is_tcp)


def judge(truth, requests, own):
    names = {"curl": "curl", "dig": "dig", "child": own, "held": own}
    found = {(request["protocol"], request["client"].get("port")): request for request in requests}
    table = collections.defaultdict(collections.Counter)
    wrong = []
    for key, (kind, pid) in truth.items():
        row = table[kind]
        row["made"] += 1
        request = found.get(key)
        if request is None:
            row["not_seen"] += 1
            continue
        row["seen"] += 1
        stage = request["stages"][0]
        facts = stage.get("facts", {})
        if "pid" not in facts:
            row["unknown: " + stage.get("reason", "no reason")] += 1
            continue
        if facts["pid"] != pid or facts["process"] != names[kind]:
            row["wrong"] += 1
            wrong.append((key, kind, pid, facts))
            continue
        row["right"] += 1
        row["by " + facts["found_by"]] += 1
        for name in ("command_line", "user"):
            row[name] += name in facts
    return table, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("address")
    parser.add_argument("server")
    parser.add_argument("count", type=int)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--kinds", default="curl,dig,child")
    parser.add_argument("--daemon", type=int)
    parser.add_argument("--minimum", type=float, default=0.99)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with open("/proc/self/comm") as file:
        own = file.read().strip()
    jobs = Jobs(options.jobs)
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 1))
    before = ticks(options.daemon) if options.daemon else 0
    begun = time.monotonic()
    port = FIRST_PORT
    for kind in options.kinds.split(","):
        for _ in range(options.count):
            transport, make = job(kind, options.address, port, options.server)
            jobs.start(kind, port, transport, make)
            port += 1
        jobs.finish()
    took = time.monotonic() - begun
    # Requests without an owner wait for a look through /proc.
    time.sleep(2)
    spent = (ticks(options.daemon) - before) / os.sysconf("SC_CLK_TCK") if options.daemon else None
    table, wrong = judge(jobs.truth, requests_since(options.socket, since), own)
    good = not wrong
    for row in table.values():
        good = good and row["seen"] > 0 and row["right"] >= options.minimum * row["seen"]
    if options.json:
        print(json.dumps({"kinds": table, "seconds": took, "daemon_cpu_seconds": spent, "good": good}))
    else:
        for kind, row in table.items():
            print(f"{kind}: " + ", ".join(f"{name} {count}" for name, count in row.items()))
        print(f"{took:.1f} s" + (f", waybilld used {spent:.2f} s of processor time" if spent is not None else ""))
        for entry in wrong[:10]:
            print("WRONG", *entry, file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
