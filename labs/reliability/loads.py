"""Much at once, for long. Each gives what it came to, in words; what must hold is asserted, what took how long is told."""

import os
import socket
import threading
import time

from world import CLIENT, LABS, SERVER, Probe, UnixConnection, run, wait_for

DUMMY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "traffic.py")


def flood(world, kind, count, source, destination, sender=None, macs=None):
    macs = macs or (world.mac(world.server), world.mac(world.client))
    words = [
        "ip", "netns", "exec", sender or world.server, "python3", DUMMY, kind, count, macs[0].hex(), macs[1].hex(), source,
        destination,
    ]
    return run(*words).stdout.strip()


def start(world, *flags):
    """As a service has it: with the history on disk."""
    return world.start(*flags, history=os.path.join(world.folder, "history"))


def memory_words(daemon, before):
    now, peak = daemon.memory()
    return f"memory {before:.0f} MiB before, {peak:.0f} at most, {now:.0f} after"


def requests_during(world, stop, answers, pause=0.2):
    """The client's own requests while something else goes on."""
    while not stop.wait(pause):
        answers.append(world.curl(f"/during{len(answers)}"))


def connections(world, scale):
    """2,000 new connections a second for ten minutes."""
    seconds = 600 if scale == 1 else 10
    daemon = start(world)
    before = daemon.memory()[0]
    began = daemon.cpu()
    flat = []
    with Probe(daemon) as probe:
        words = ["python3", f"{LABS}/connect_load.py", "load", SERVER, 2000, seconds]
        load = world.spawn(world.client, *words, stdout=-1)
        while load.poll() is None:
            time.sleep(seconds / 40)
            flat.append(daemon.memory()[0])
        told = load.stdout.read().decode().splitlines()[0]
    made = int(told.split()[0])
    used = 100 * (daemon.cpu() - began) / seconds
    daemon.catch_up()
    # A closed connection lingers for a moment before it is a record.
    drops = daemon.drops()
    if not drops:
        wait_for("a record of each", lambda: daemon.status()["totals"]["requests"] >= made)
    records = daemon.status()["totals"]["requests"]
    # Once the history is full nothing grows any more: in the short form that is not reached.
    if scale == 1:
        half = flat[len(flat) // 2 :]
        assert max(half) <= half[0] * 1.1 + 8, f"memory grew in the second half: {half[0]:.0f} to {max(half):.0f} MiB"
    return (
        f"{told}; {records} records, {drops} frames dropped; {used:.0f} % of a core; {memory_words(daemon, before)}; "
        + probe.figures())


def syn_flood(world, scale):
    """2 million SYNs of different tuples that nobody answers, while requests go on."""
    count = 2_000_000 // scale
    world.in_client("nft", "add table inet t; add chain inet t i { type filter hook input priority 0; }; "
                    "add rule inet t i tcp dport 9 drop")
    daemon = start(world)
    before = daemon.memory()[0]
    answers, stop = [], threading.Event()
    beside = threading.Thread(target=requests_during, args=(world, stop, answers))
    with Probe(daemon) as probe:
        beside.start()
        told = flood(world, "syn", count, "10.79.0.0", CLIENT)
        stop.set()
        beside.join()
        daemon.catch_up()
    drops = daemon.drops()
    wait_for("the history to be written", lambda: not daemon.table("history_queue")["count"], 60)
    flows = daemon.table("requests")
    assert flows["peak"] <= flows["capacity"], flows
    done = [each for each in daemon.requests("&protocol=tcp&direction=outbound&port=8080")]
    assert all(answers), f"{answers.count(False)} of {len(answers)} requests beside the flood failed"
    if not drops:
        assert len(done) >= len(answers), f"{len(done)} of {len(answers)} requests beside the flood are known"
        assert all(each["outcome"] == "ok" for each in done if each["complete"])
    return (
        f"{told}, {drops} of them dropped by the kernel and counted; {len(done)} of {len(answers)} requests beside it "
        f"known; connections at most {flows['peak']} of {flows['capacity']}, {flows['evictions']} made room; "
        + memory_words(daemon, before) + "; " + probe.figures())


def dns_flood(world, scale):
    """Lookups of 100,000 different names."""
    count = 100_000 // scale
    daemon = start(world)
    before = daemon.memory()[0]
    asker = (
        "import socket,struct,sys\n"
        "s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.connect((sys.argv[1],53));s.settimeout(1);n=0;a=0\n"
        "for i in range(int(sys.argv[2])):\n"
        " l=b'h%06d'%i\n"
        " s.send(struct.pack('>HHHHHH',i&65535,256,1,0,0,0)+bytes([len(l)])+l+b'\\x04test\\0'+struct.pack('>HH',1,1))\n"
        " try: s.recv(512); a+=1\n"
        " except OSError: pass\n"
        "print(a)\n")
    with Probe(daemon) as probe:
        began = time.monotonic()
        answered = int(world.in_client("python3", "-c", asker, SERVER, count).stdout)
        took = time.monotonic() - began
        daemon.catch_up()
    drops = daemon.drops()
    lookups = daemon.status()["totals"]["lookups"]
    if not drops:
        assert lookups >= answered, f"{lookups} of {answered} lookups are known"
    names = daemon.table("names")
    assert names["peak"] <= names["capacity"], names
    return (
        f"{answered} answers in {took:.1f} s; {lookups} lookups known, {drops} frames dropped; names at most "
        f"{names['peak']} of {names['capacity']}, {names['evictions']} made room; " + memory_words(daemon, before) + "; "
        + probe.figures())


def arp_flood(world, scale):
    """ARP requests of 500,000 different senders."""
    count = 500_000 // scale
    daemon = start(world)
    before = daemon.memory()[0]
    with Probe(daemon) as probe:
        told = flood(world, "arp", count, SERVER, CLIENT)
        daemon.catch_up()
        assert world.curl(), "a request after the flood failed"
    drops = daemon.drops()
    neighbours = daemon.table("neighbours")
    assert neighbours["peak"] <= neighbours["capacity"], neighbours
    return (
        f"{told}, {drops} dropped by the kernel and counted; neighbours at most {neighbours['peak']} of "
        f"{neighbours['capacity']}, {neighbours['evictions']} made room; " + memory_words(daemon, before) + "; "
        + probe.figures())


def followers(world, scale):
    """10,000 times somebody follows the stream and goes away again, 12 at a time."""
    count = 10_000 // scale
    daemon = start(world)
    world.curl()
    daemon.catch_up()
    before, files = daemon.memory()[0], daemon.descriptors()
    left, lock, refused = [count], threading.Lock(), [0]

    def follow():
        while True:
            with lock:
                if left[0] <= 0:
                    return
                left[0] -= 1
            connection = UnixConnection(daemon.socket)
            try:
                connection.request("GET", "/v1/requests/stream")
                if connection.getresponse().status != 200:
                    refused[0] += 1
            except (OSError, socket.timeout):
                refused[0] += 1
            finally:
                connection.close()

    with Probe(daemon) as probe:
        began = time.monotonic()
        threads = [threading.Thread(target=follow) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
    wait_for("their files to be closed", lambda: daemon.descriptors() <= files + 2)
    return (
        f"{count} in {took:.1f} s, {refused[0]} refused; files open before {files}, after {daemon.descriptors()}; "
        + memory_words(daemon, before) + "; " + probe.figures())


def day(world, scale):
    """A day of a busy host, one request a second with its lookup, at the highest speed: 86,400 requests."""
    count = 86_400 // scale
    daemon = start(world, "--interface", "eth0")
    before = daemon.memory()[0]
    macs = (world.mac(world.client), world.mac(world.server))
    with Probe(daemon) as probe:
        told = flood(world, "day", count, CLIENT, SERVER, sender=world.client, macs=macs)
        daemon.catch_up()
    drops = daemon.drops()

    def known():
        totals = daemon.status()["totals"]
        # Each is a connection and an exchange with the resolver; that begins anew with the port, after 60,000.
        return totals["requests"] >= count + min(count, 60_000) and totals["lookups"] >= count

    if not drops:
        wait_for("a record of each", known, 120)
    totals = daemon.status()["totals"]
    return (
        f"{told}; {totals['requests']} requests and {totals['lookups']} lookups known, {drops} frames dropped; "
        + memory_words(daemon, before) + "; " + probe.figures())


ALL = [connections, syn_flood, dns_flood, arp_flood, followers, day]
