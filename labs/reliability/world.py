"""A client and a server in two network namespaces, and a waybilld that watches the client. Removed at the end."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

LABS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CLIENT, SERVER = "10.79.1.2", "10.79.1.1"
WEB_PORT = 8080


def run(*words, check=True, **more):
    return subprocess.run([str(word) for word in words], check=check, text=True, capture_output=True, **more)


def wait_for(what, holds, seconds=30):
    """Until `holds()` gives something true, which is returned."""
    end = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not after {seconds} s: {what}")
        time.sleep(0.02)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=20):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class World:
    def __init__(self, programs):
        self.programs = programs
        self.folder = tempfile.mkdtemp(prefix="wbrel")
        identity = f"wbrel{os.getpid()}"
        self.client, self.server = identity + "c", identity + "s"
        self.children = []
        self.daemon = None

    def __enter__(self):
        try:
            self.make_network()
            self.start_servers()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        if self.daemon:
            self.daemon.end()
        for child in self.children:
            child.kill()
            child.wait()
        for namespace in (self.client, self.server):
            for pid in run("ip", "netns", "pids", namespace, check=False).stdout.split():
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except ProcessLookupError:
                    pass
            run("ip", "netns", "del", namespace, check=False)
        mounts = [line.split()[1] for line in open("/proc/mounts") if line.split()[1].startswith(self.folder)]
        for mount in reversed(mounts):
            run("umount", "--lazy", mount, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    # The network

    def make_network(self):
        for namespace in (self.client, self.server):
            run("ip", "netns", "add", namespace)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        self.make_link()
        # Thousands of connections a second need ports that are not in TIME_WAIT.
        run("ip", "netns", "exec", self.client, "sysctl", "-qw", "net.ipv4.ip_local_port_range=1024 65000")

    def make_link(self):
        run("ip", "link", "add", "eth0", "netns", self.client, "type", "veth", "peer", "name", "eth0", "netns", self.server)
        for namespace, address in ((self.client, CLIENT), (self.server, SERVER)):
            run("ip", "-n", namespace, "addr", "add", f"{address}/16", "dev", "eth0")
            run("ip", "-n", namespace, "link", "set", "eth0", "up")

    def remove_link(self):
        run("ip", "-n", self.client, "link", "del", "eth0")

    def start_servers(self):
        # The server's own answers, and names for any question.
        self.spawn(self.server, "python3", f"{LABS}/connect_load.py", "serve", SERVER)
        self.spawn(
            self.server, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root",
            "--pid-file=", "--cache-size=0", f"--address=/test/{SERVER}")
        page = os.path.join(self.folder, "page")
        os.mkdir(page)
        with open(os.path.join(page, "index.html"), "w", encoding="ascii") as file:
            file.write("ok\n")
        self.spawn(self.server, "python3", "-m", "http.server", WEB_PORT, "--directory", page)
        for port in (WEB_PORT, 18200, 53):
            wait_for(
                f"a server at port {port}",
                lambda port=port: run("ip", "netns", "exec", self.server, "ss", "-Hltn", f"sport = :{port}").stdout)

    def spawn(self, namespace, *words, **more):
        child = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *map(str, words)], stdin=subprocess.DEVNULL,
            stdout=more.pop("stdout", subprocess.DEVNULL), stderr=subprocess.DEVNULL, **more)
        self.children.append(child)
        return child

    def in_client(self, *words, **more):
        return run("ip", "netns", "exec", self.client, *words, **more)

    def curl(self, path="/"):
        """A request of the client; True when it was answered."""
        words = ["curl", "-sS", "-o", "/dev/null", "--max-time", "10", f"http://{SERVER}:{WEB_PORT}{path}"]
        return self.in_client(*words, check=False).returncode == 0

    def mac(self, namespace):
        links = json.loads(run("ip", "-n", namespace, "-j", "link", "show", "dev", "eth0").stdout)
        return bytes.fromhex(links[0]["address"].replace(":", ""))

    # The daemon

    def start(self, *flags, configuration=None, history=None, outside=(), inside=()):
        """Starts waybilld in the client, and waits until it serves.

        `outside` and `inside` are the commands that it is started by, outside of the namespace and in it.
        """
        self.daemon = Daemon(self, flags, configuration, history, outside, inside)
        return self.daemon


class Daemon:
    def __init__(self, world, flags, configuration, history, outside, inside):
        self.world = world
        self.socket = os.path.join(world.folder, "waybill.sock")
        self.file = os.path.join(world.folder, "waybill.yaml")
        self.history = history
        self.configure(configuration or "")
        self.words = [
            *outside, "ip", "netns", "exec", world.client, f"{LABS}/with_tracefs.sh", *inside,
            os.path.join(world.programs, "waybilld"), "--socket", self.socket, "--config", self.file, "--user", "root", *flags,
        ]
        self.log_file = os.path.join(world.folder, "log")
        self.begin()

    def configure(self, text):
        """Writes the configuration, with the history where the trial wants it."""
        with open(self.file, "w", encoding="utf-8") as file:
            # A closed connection is a record a second later, not five.
            file.write(text + "\ntimeouts:\n  tcp_linger_s: 1\n")
            file.write(f"\nhistory:\n  directory: \"{self.history or ''}\"\n")

    def begin(self):
        mark = self.mark()
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        # env(1), `ip netns exec` and the rest become the program that they start.
        self.pid = self.process.pid
        wait_for("waybilld serving", lambda: self.ended() or "serving at" in self.log(mark))
        assert not self.ended(), f"waybilld ended: {self.log(mark)}"

    def ended(self):
        return self.process.poll() is not None

    def end(self, number=signal.SIGTERM):
        if not self.ended():
            self.process.send_signal(number)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("waybilld did not end within 30 s") from None

    def mark(self):
        return os.path.getsize(self.log_file) if os.path.exists(self.log_file) else 0

    def log(self, mark=0):
        with open(self.log_file, "rb") as log:
            log.seek(mark)
            return log.read().decode("utf-8", "replace")

    def said(self, words, mark=0, seconds=30):
        """Waits for a line of the log with `words`, and gives it."""
        def line():
            return next((line for line in self.log(mark).splitlines() if words in line), None)
        return wait_for(f"a line with '{words}'", line, seconds)

    # Questions

    def get(self, path, timeout=20):
        connection = UnixConnection(self.socket, timeout)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            assert response.status == 200, f"{path}: {response.status} {body[:200]}"
            return json.loads(body)
        finally:
            connection.close()

    def status(self):
        return self.get("/v1/status")

    def check(self, name):
        return next((check for check in self.status()["checks"] if check["name"] == name), None)

    def requests(self, query="", limit=None):
        """All that match, the newest first."""
        found, cursor = [], ""
        while True:
            page = self.get(f"/v1/requests?limit=1000{query}{cursor}")
            found += page["items"]
            if "next_cursor" not in page or page["next_cursor"] is None or (limit and len(found) >= limit):
                return found
            cursor = "&cursor=" + page["next_cursor"]

    def catch_up(self, seconds=60):
        """Until all that has happened by now is taken into account."""
        now = time.time()
        def caught_up():
            until = self.status().get("observed_until")
            return until and parse_time(until) >= now
        wait_for("the daemon to catch up", caught_up, seconds)

    def drops(self):
        interfaces = self.status()["interfaces"]
        return sum(each.get("dropped_by_kernel") or 0 for each in interfaces)

    def table(self, name):
        return next((table for table in self.status()["totals"]["tables"] if table["name"] == name), None)

    def memory(self):
        """MiB resident now, and at most."""
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
        return int(fields["VmRSS"].split()[0]) / 1024, int(fields["VmHWM"].split()[0]) / 1024

    def cpu(self):
        with open(f"/proc/{self.pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


def parse_time(text):
    """Seconds since 1970 of `2026-11-21T10:42:07.123456789Z`."""
    whole, fraction = text.rstrip("Z").split(".")
    import calendar
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + fraction)


class Probe:
    """Asks for /v1/status all the while, each time on a connection of its own, and keeps how long the answers took."""

    def __init__(self, daemon, pause=0.1):
        self.daemon, self.pause = daemon, pause
        self.times, self.failures = [], []
        self.peak = 0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.ask, daemon=True)

    def ask(self):
        while not self.stop.wait(self.pause):
            began = time.monotonic()
            try:
                self.daemon.get("/v1/status")
                self.times.append(time.monotonic() - began)
            except Exception as error:  # whatever it is, it is told
                self.failures.append(str(error))
            self.peak = max(self.peak, self.daemon.memory()[0])

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def figures(self):
        if not self.times:
            return "status was never answered"
        times = sorted(self.times)
        late = sum(1 for time in times if time > 0.1)
        return (
            f"status answered {len(times)} times: median {1000 * times[len(times) // 2]:.0f} ms, "
            f"at most {1000 * times[-1]:.0f} ms, {late} over 100 ms")
