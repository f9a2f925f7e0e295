#!/usr/bin/env python3
"""Makes new TCP connections at a steady rate, and tells what a program took of the processor meanwhile.

    connect_load.py serve ADDRESS
    connect_load.py load ADDRESS RATE SECONDS [PID]

A connection carries one byte each way and is closed by the server, so that no port of the client stays in TIME_WAIT.
With a PID, the processor time of that process and of each of its threads over the load is printed, from
/proc/PID/task/*/stat.
"""

import os
import selectors
import socket
import sys
import time

PORTS = range(18200, 18208)  # several, so that no pair of ports comes back within the server's TIME_WAIT
TICKS = os.sysconf("SC_CLK_TCK")


def serve(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    selector = selectors.DefaultSelector()
    for port in PORTS:
        listener = socket.create_server((address, port), family=family, backlog=4096)
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ, True)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if key.data:
                try:
                    connection, _ = key.fileobj.accept()
                except BlockingIOError:
                    continue
                connection.setblocking(False)
                selector.register(connection, selectors.EVENT_READ, False)
                continue
            connection = key.fileobj
            selector.unregister(connection)
            try:
                if connection.recv(16):
                    connection.send(b"!")
            except OSError:
                pass
            connection.close()


def processor_time(pid):
    """Seconds of user and system time by thread: {(number, name): seconds}."""
    times = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
        name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
        times[thread, name] = (int(rest[11]) + int(rest[12])) / TICKS
    return times


def load(address, rate, seconds, pid):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    selector = selectors.DefaultSelector()
    before = processor_time(pid) if pid else {}
    start, made, done, failed = time.monotonic(), 0, 0, 0
    total = rate * seconds
    while done + failed < total:
        elapsed = time.monotonic() - start
        if elapsed > seconds + 5:
            break
        for _ in range(min(total, int(elapsed * rate)) - made):
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.setblocking(False)
            connection.connect_ex((address, PORTS[made % len(PORTS)]))
            selector.register(connection, selectors.EVENT_WRITE)
            made += 1
        for key, events in selector.select(0.001):
            connection = key.fileobj
            try:
                if events & selectors.EVENT_WRITE:
                    connection.send(b"?")
                    selector.modify(connection, selectors.EVENT_READ)
                    continue
                if connection.recv(16):
                    continue
                done += 1
            except OSError:
                failed += 1
            selector.unregister(connection)
            connection.close()
    elapsed = time.monotonic() - start
    print(f"{done} connections in {elapsed:.1f} s, {done / elapsed:.0f} a second; {failed} failed")
    if pid:
        used = {thread: taken - before.get(thread, 0) for thread, taken in processor_time(pid).items()}
        print(f"process {pid}: {100 * sum(used.values()) / elapsed:.1f} % of a processor")
        for (thread, name), taken in sorted(used.items(), key=lambda item: -item[1]):
            if taken > 0:
                print(f"  {thread} {name}: {100 * taken / elapsed:.1f} %")


def main(words):
    if words[:1] == ["serve"] and len(words) == 2:
        serve(words[1])
    elif words[:1] == ["load"] and len(words) in (4, 5):
        load(words[1], int(words[2]), int(words[3]), int(words[4]) if len(words) == 5 else None)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        pass
