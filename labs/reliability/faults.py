"""Things that go wrong. Each gives what survived, what was lost and the line that said so; what must hold is asserted."""

import os
import signal
import socket
import subprocess
import time

from world import LABS, SERVER, run, wait_for


def some_requests(world, daemon, count, tag):
    """Makes so many, and gives their records once they are there."""
    for number in range(count):
        assert world.curl(f"/{tag}{number}"), f"request {tag}{number} failed"
    daemon.catch_up()

    def found():
        mine = [
            each for each in daemon.requests("&port=8080&protocol=tcp")
            if path(each).startswith(f"/{tag}") and each["complete"]
        ]
        return mine if len(mine) >= count else None

    return wait_for(f"the records of {tag}", found)


def path(record):
    """Of the first request in the clear, or an empty text."""
    exchanges = (record.get("http") or {}).get("exchanges") or [{}]
    return exchanges[0].get("path") or ""


def history_check(daemon):
    return daemon.check("history")


def kill(world, _):
    """kill -9 under load, and a start right after it."""
    daemon = world.start(history=os.path.join(world.folder, "history"))
    kept = {each["id"]: each for each in some_requests(world, daemon, 20, "before")}
    load = world.spawn(world.client, "python3", f"{LABS}/connect_load.py", "load", SERVER, 500, 12)
    # A closed connection is complete some seconds later.
    seen = wait_for(
        "complete requests of the load",
        lambda: {each["id"] for each in daemon.requests("&port=18200", limit=2000) if each["complete"]})
    time.sleep(1)
    assert daemon.end(signal.SIGKILL) == -signal.SIGKILL
    daemon.begin()
    load.wait()
    now = {each["id"]: each for each in daemon.requests()}
    missing = [identifier for identifier in kept if identifier not in now]
    assert not missing, f"{len(missing)} of {len(kept)} records are gone"
    changed = [identifier for identifier, each in kept.items() if now[identifier] != each]
    assert not changed, f"{len(changed)} records have changed"
    lost = len([identifier for identifier in seen if identifier not in now])
    assert not lost, f"{lost} of {len(seen)} requests that had ended a second before are gone"
    return (
        f"{len(kept)} records, and {len(seen)} of the load that were a second old: all there, unchanged; requests that "
        "were open and the last moments before are lost")


def disk_full(world, _):
    """The disk with the history fills up, and has room again."""
    folder = os.path.join(world.folder, "small")
    os.mkdir(folder)
    run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder)
    daemon = world.start(history=os.path.join(folder, "history"))
    kept = {each["id"]: each for each in some_requests(world, daemon, 10, "before")}
    time.sleep(1)
    filler = os.path.join(folder, "filler")
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            pass
    mark = daemon.mark()
    some_requests(world, daemon, 10, "full")
    wait_for("a word about it", lambda: history_check(daemon)["state"] != "ok")
    said = daemon.said("history", mark)
    os.remove(filler)
    wait_for("writing again", lambda: history_check(daemon)["state"] == "ok", 60)
    some_requests(world, daemon, 3, "after")
    time.sleep(1)
    daemon.end()
    daemon.begin()
    now = {each["id"]: each for each in daemon.requests()}
    assert all(now.get(identifier) == each for identifier, each in kept.items()), "records of before are lost or changed"
    during = len([each for each in now.values() if path(each).startswith("/full")])
    return f"all {len(kept)} of before unchanged, {during} of 10 made while it was full are there after a restart; '{said}'"


def read_only(world, _):
    """The folder of the history can only be read from the start on."""
    folder = os.path.join(world.folder, "readonly")
    os.mkdir(folder)
    run("mount", "-t", "tmpfs", "tmpfs", folder)
    run("mount", "-o", "remount,ro", folder)
    daemon = world.start(history=os.path.join(folder, "history"))
    some_requests(world, daemon, 5, "unwritten")
    check = history_check(daemon)
    assert check["state"] != "ok", check
    mark = daemon.mark()
    # In the mounts that the daemon sees, which are its own.
    run("nsenter", f"--mount=/proc/{daemon.pid}/ns/mnt", "mount", "-o", "remount,rw", folder)
    wait_for("writing once it can", lambda: history_check(daemon)["state"] == "ok", 90)
    return f"requests are kept in memory: '{check['finding']}'; written from then on when it could be ({daemon.mark() - mark} bytes of log)"


def set_clock(seconds):
    time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME) + seconds)


def clock(world, _):
    """The clock is set forward by an hour, back by two, and to what it was."""
    daemon = world.start(history=os.path.join(world.folder, "history"))
    kept = {each["id"]: each for each in some_requests(world, daemon, 5, "before")}
    told, moved, began = [], 0, time.monotonic()
    try:
        for step, tag in ((3600, "forward"), (-7200, "back"), (3600, "again")):
            set_clock(step)
            moved += step
            for number in range(5):
                assert world.curl(f"/{tag}{number}")

            def found(tag=tag):
                mine = [each for each in daemon.requests("&port=8080") if each["complete"] and path(each).startswith(f"/{tag}")]
                return len(mine) >= 5
            wait_for(f"five requests {tag}", found, 30)
            told.append(tag)
    finally:
        if moved:
            set_clock(-moved)
    now = {each["id"]: each for each in daemon.requests()}
    assert all(now.get(identifier) == each for identifier, each in kept.items()), "records of before are lost or changed"
    return f"requests known after each step ({', '.join(told)}), those of before unchanged; took {time.monotonic() - began:.0f} s"


def suspend(world, _):
    """The daemon is stopped for ten seconds while traffic goes on, as by a suspend or a debugger."""
    daemon = world.start()
    some_requests(world, daemon, 3, "before")
    os.kill(daemon.pid, signal.SIGSTOP)
    try:
        for number in range(10):
            assert world.curl(f"/asleep{number}")
            time.sleep(1)
    finally:
        os.kill(daemon.pid, signal.SIGCONT)
    records = some_requests(world, daemon, 3, "after")
    asleep = [each for each in daemon.requests("&port=8080") if path(each).startswith("/asleep")]
    drops = daemon.drops()
    if not drops:
        assert len(asleep) >= 10, f"{len(asleep)} of 10 requests are known that were made meanwhile"
    return f"{len(asleep)} of 10 requests made meanwhile are known, {drops} frames dropped; {len(records)} after it as usual"


def interface_recreated(world, _):
    """The interface is removed and made anew."""
    daemon = world.start()
    some_requests(world, daemon, 3, "before")
    mark = daemon.mark()
    world.remove_link()
    gone = daemon.said("no longer capturing on eth0", mark)
    mark = daemon.mark()
    world.make_link()
    back = daemon.said("info: capturing on eth0", mark)
    wait_for("the link", world.curl)
    after = some_requests(world, daemon, 3, "after")
    known = [each for each in daemon.requests("&port=8080") if path(each).startswith("/before")]
    assert len(known) >= 3
    return f"records of before kept, {len(after)} after it known; '{gone}', '{back}'"


def link_flapping(world, _):
    """The link goes down and up 50 times."""
    daemon = world.start()
    some_requests(world, daemon, 3, "before")
    mark = daemon.mark()
    for _turn in range(50):
        run("ip", "-n", world.client, "link", "set", "eth0", "down")
        run("ip", "-n", world.client, "link", "set", "eth0", "up")
    wait_for("the link", world.curl)
    after = some_requests(world, daemon, 3, "after")
    lines = len(daemon.log(mark).splitlines())
    assert lines <= 50, f"{lines} lines of log"
    return f"{len(after)} requests after it known; {lines} lines of log, repeated ones folded"


def namespace_deleted(world, _):
    """The namespace at the other end of the link is deleted, and with it the link."""
    daemon = world.start()
    some_requests(world, daemon, 3, "before")
    mark = daemon.mark()
    for pid in run("ip", "netns", "pids", world.server).stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    run("ip", "netns", "del", world.server)
    said = daemon.said("no longer capturing on eth0", mark)
    status = daemon.status()
    assert any(each["name"] == "lo" and each["state"] == "capturing" for each in status["interfaces"])
    known = [each for each in daemon.requests("&port=8080") if path(each).startswith("/before")]
    assert len(known) >= 3
    return f"records kept, loopback goes on; '{said}'"


def socket_deleted(world, _):
    """The socket's file is deleted while somebody follows."""
    daemon = world.start()
    some_requests(world, daemon, 3, "before")
    words = [os.path.join(world.programs, "waybill"), "follow", "--socket", daemon.socket, "--format", "ndjson"]
    follower = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        mark = daemon.mark()
        os.remove(daemon.socket)
        wait_for("the socket again", lambda: os.path.exists(daemon.socket) and answers(daemon), 60)
        said = daemon.said(daemon.socket, mark)
        assert world.curl("/followed")
        line = follower.stdout.readline()
        assert line, "the follower was cut off"
    finally:
        follower.kill()
        follower.wait()
    return f"there again, who followed went on; '{said}'"


def answers(daemon):
    try:
        return bool(daemon.status())
    except (OSError, AssertionError):
        return False


def bad_reload(world, _):
    """The configuration is broken when it is read again."""
    daemon = world.start(configuration="capture:\n  filter: tcp or udp port 53\n")
    mark = daemon.mark()
    with open(daemon.file, "w", encoding="utf-8") as file:
        file.write("capture:\n  filtre: tcp\n")
    os.kill(daemon.pid, signal.SIGHUP)
    said = daemon.said("the old one stays in force", mark)
    some_requests(world, daemon, 3, "after")
    check = daemon.check("configuration")
    assert check["state"] == "limited", check
    return f"the old one stays in force; '{said}'"


def descriptors(world, _):
    """The daemon has no file descriptor left."""
    daemon = world.start()
    kept = some_requests(world, daemon, 3, "before")
    limit = daemon.descriptors() + 8
    run("prlimit", f"--pid={daemon.pid}", f"--nofile={limit}:")
    mark, held = daemon.mark(), []
    for _number in range(60):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(1)
        try:
            connection.connect(daemon.socket)
            held.append(connection)
        except OSError:
            connection.close()
            break
    time.sleep(1)
    began = daemon.cpu()
    for number in range(3):
        assert world.curl(f"/short{number}")
    time.sleep(2)
    used = 100 * (daemon.cpu() - began) / 2
    for connection in held:
        connection.close()
    run("prlimit", f"--pid={daemon.pid}", "--nofile=1024:")
    wait_for("an answer", lambda: answers(daemon))
    short = [each for each in daemon.requests("&port=8080") if path(each).startswith("/short")]
    known = {each["id"] for each in daemon.requests("&port=8080")}
    assert all(each["id"] in known for each in kept)
    assert len(short) >= 3, f"{len(short)} of 3 requests are known that were made meanwhile"
    lines = [line for line in daemon.log(mark).splitlines() if "file" in line]
    return (
        f"capture went on ({len(short)} of 3 requests known), clients waited and were answered afterwards; "
        f"{used:.0f} % of a core meanwhile; '{lines[0] if lines else 'nothing said'}'")


def memory_controller():
    """Where control groups limit memory, the files of the limit and of the highest use, and how they are mounted."""
    for line in open("/proc/mounts", encoding="utf-8"):
        _, folder, kind, options, *_rest = line.split()
        if kind == "cgroup2" and "memory" in open(f"{folder}/cgroup.controllers", encoding="ascii").read().split():
            with open(f"{folder}/cgroup.subtree_control", "w", encoding="ascii") as file:
                file.write("+memory")
            return folder, "memory.max", "memory.peak", "mount -t cgroup2 cgroup2 /sys/fs/cgroup"
        if kind == "cgroup" and "memory" in options.split(","):
            mount = "mount -t tmpfs tmpfs /sys/fs/cgroup && mkdir /sys/fs/cgroup/memory"
            mount += " && mount -t cgroup -o memory cgroup /sys/fs/cgroup/memory"
            return folder, "memory.limit_in_bytes", "memory.max_usage_in_bytes", mount
    raise AssertionError("no control group limits memory here")


def memory_limit(world, _):
    """The control group gives the daemon 192 MiB, and a flood of a million SYNs comes."""
    from loads import flood
    from world import CLIENT
    root, limit, highest, mount = memory_controller()
    group = os.path.join(root, f"wbrel{os.getpid()}")
    os.mkdir(group)
    try:
        with open(os.path.join(group, limit), "w", encoding="ascii") as file:
            file.write(str(192 << 20))
        enter = ("sh", "-c", f"echo $$ > {group}/cgroup.procs; exec \"$@\"", "sh")
        # `ip netns exec` gives a /sys without control groups, where a host has them.
        show = ("sh", "-c", f"{mount}; exec \"$@\"", "sh")
        daemon = world.start(history=os.path.join(world.folder, "history"), outside=enter, inside=show)
        said = daemon.said("the control group allows")
        kept = {each["id"]: each for each in some_requests(world, daemon, 10, "before")}
        time.sleep(1)
        mark = daemon.mark()
        told = flood(world, "syn", 1_000_000, "10.79.0.0", CLIENT)
        daemon.catch_up()
        now = {each["id"]: each for each in daemon.requests()}
        assert not daemon.ended(), "the kernel ended it for want of memory"
        assert all(now.get(identifier) == each for identifier, each in kept.items()), "records of before are lost or changed"
        with open(os.path.join(group, highest), encoding="ascii") as file:
            peak = file.read()
        return (
            f"{told}: it lived on; at most {int(peak) >> 20} MiB; {len(kept)} records of before unchanged "
            f"({len(daemon.log(mark).splitlines())} lines of log meanwhile); at the start '{said}'")
    finally:
        if world.daemon:
            world.daemon.end()
        try:
            os.rmdir(group)
        except OSError:
            pass


ALL = [
    kill, disk_full, read_only, suspend, interface_recreated, link_flapping, namespace_deleted, socket_deleted, bad_reload,
    descriptors, memory_limit,
]
# Not without being asked for: it is the whole machine's clock.
ON_REQUEST = [clock]
