"""What scripts/contract_tests.sh checks; it says how this is called."""
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "docs/schemas"
PROMISES = SCHEMAS / "v1.txt"
COUNTS = {"ok": 0, "FAILED": 0}


def check(name, trouble):
    word = "FAILED" if trouble else "ok"
    COUNTS[word] += 1
    print(f"{word:6} {name}" + "".join(f"\n    {line}" for line in trouble[:10]), flush=True)


def validators():
    result = {}
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        result[path.stem] = jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return result


def complaints(validator, value):
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def promises(document):
    """Every field of every component, every path, parameter and metric word: what may only grow."""
    found = set()

    def fields(prefix, schema):
        for name, inner in (schema.get("properties") or {}).items():
            found.add(f"{prefix}.{name}")
            fields(f"{prefix}.{name}", inner)
        if isinstance(schema.get("items"), dict):
            fields(prefix + "[]", schema["items"])
        for word in schema.get("enum") or []:
            found.add(f"{prefix}={word}")
        for word in schema.get("required") or []:
            found.add(f"{prefix}!{word}")

    for name, schema in document["components"]["schemas"].items():
        fields(name, schema)
    for path, item in document["paths"].items():
        found.add(f"GET {path}")
        for parameter in item["get"].get("parameters", []):
            found.add(f"GET {path} {parameter.get('name') or parameter['$ref'].rsplit('/', 1)[-1]}")
    return found


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path, target):
    connection = Connection(path)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read().decode()
    finally:
        connection.close()


def bridge(path):
    """A loopback port in front of the socket, which schemathesis cannot speak to; on no other host's network."""
    server = socket.create_server(("127.0.0.1", 0))

    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def accept():
        while True:
            client, _ = server.accept()
            daemon = socket.socket(socket.AF_UNIX)
            daemon.connect(path)
            for pair in ((client, daemon), (daemon, client)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1]


def make_traffic():
    listener = socket.create_server(("127.0.0.1", 8080))
    for _ in range(3):
        client = socket.create_connection(("127.0.0.1", 8080))
        served, _ = listener.accept()
        client.sendall(b"GET /path?secret HTTP/1.1\r\nHost: example.org\r\n\r\n")
        served.recv(4096)
        served.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        client.recv(4096)
        client.close()
        served.close()
    for target in (("127.0.0.1", 9), ("::1", 9)):
        try:
            socket.create_connection(target, timeout=2)
        except OSError:
            pass
    query = bytes.fromhex("beef01000001000000000000") + b"\x07example\x03org\x00\x00\x01\x00\x01"
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(query, ("127.0.0.1", 53))


def main():
    document = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
    if sys.argv[1:] == ["write"]:
        kept = set(PROMISES.read_text().splitlines()) if PROMISES.exists() else set()
        PROMISES.write_text("\n".join(sorted(kept | promises(document))) + "\n")
        return 0
    path, waybill, schemathesis, folder = sys.argv[1:]
    schemathesis = str(pathlib.Path(schemathesis).absolute())

    made = subprocess.run([sys.executable, ROOT / "scripts/contract.py", "--check"], capture_output=True, text=True)
    check("what is served is docs/openapi.yaml", made.stdout.splitlines() if made.returncode else [])
    gone = sorted(set(PROMISES.read_text().splitlines()) - promises(document))
    check("nothing is gone that was promised", [f"{line} is gone" for line in gone])

    schemas = validators()
    make_traffic()
    for capture in sorted((ROOT / "Tests/Captures").glob("*.pcap*")):
        outcome = subprocess.run([waybill, "read", capture, "--format", "ndjson"], capture_output=True, timeout=60)
        trouble, lines = [], outcome.stdout.decode().splitlines()
        for number, line in enumerate(lines, 1):
            record = json.loads(line)
            trouble += [f"line {number}: {text}" for text in complaints(schemas[record["record"]], record)]
        if not lines:
            trouble.append("no record: " + outcome.stderr.decode()[:200])
        if trouble or not lines:
            check(f"records of {capture.name}", trouble)
        else:
            COUNTS["ok"] += 1
    print(f"ok     records of {len(list((ROOT / 'Tests/Captures').glob('*.pcap*')))} captures", flush=True)

    lists = {"requests": "request", "lookups": "lookup", "neighbours": "neighbour", "leases": "lease"}
    for name, record in lists.items():
        status, kind, text = ask(path, f"/v1/{name}?limit=1000")
        items = json.loads(text)["items"] if status == 200 else []
        trouble = [] if status == 200 and kind == "application/json" else [f"{status} {kind}"]
        trouble += [line for item in items for line in complaints(schemas[record], item)]
        if name == "requests" and not items:
            trouble.append("no request was seen")
        check(f"{len(items)} items of /v1/{name}", trouble)
    for target, name in (("/v1/status", "status"), ("/v1/nosuch", "problem"), ("/v1/requests?limit=0", "problem")):
        check(target, complaints(schemas[name], json.loads(ask(path, target)[2])))

    metrics = pathlib.Path(folder) / "metrics"
    metrics.write_text(ask(path, "/metrics")[2])
    with metrics.open() as text:
        linted = subprocess.run(["promtool", "check", "metrics"], stdin=text, capture_output=True, text=True)
    check("promtool check metrics", (linted.stdout + linted.stderr).splitlines() if linted.returncode else [])
    for rules in (["check", "rules", "waybill.rules.yml"], ["test", "rules", "waybill.test.yml"]):
        linted = subprocess.run(
            ["promtool", *rules], cwd=ROOT / "config/prometheus", capture_output=True, text=True)
        check("promtool " + " ".join(rules), (linted.stdout + linted.stderr).splitlines() if linted.returncode else [])

    # A stream has no end to wait for.
    command = [
        schemathesis, "run", str(ROOT / "docs/openapi.yaml"), "--url", f"http://127.0.0.1:{bridge(path)}",
        "--exclude-path", "/v1/requests/stream", "--phases", "examples,coverage,fuzzing", "--max-examples", "15",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
        "unsupported_method,allow_header_conformance", "--seed", "2026", "--no-color", "--request-timeout", "10",
        "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off",
    ]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=folder)
    text = outcome.stdout + outcome.stderr
    trouble = text.splitlines()[-60:] if outcome.returncode else []
    summary = re.search(r"Test cases:\s*\n\s*(.*)", text)
    check(f"schemathesis: {summary.group(1) if summary else 'answers to made-up calls'}", trouble)
    for line in trouble:
        print("    " + line)

    print(f"{COUNTS['ok']} passed, {COUNTS['FAILED']} failed, 0 skipped")
    return 1 if COUNTS["FAILED"] else 0


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(main())
