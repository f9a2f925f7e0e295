"""Counts the outcomes in a Swift Testing event stream (`swift test --event-stream-output-path`).

Prints `PASSED FAILED SKIPPED`, test functions each counted once, whatever the number of their arguments. A test that
began and never ended (the process crashed or was stopped) has failed, and a stream without its end counts one failure
at least. Cancelled tests are skipped. The names of the tests that failed go to standard error.
"""

import json
import sys

OUTCOMES = {"pass": "passed", "passWithKnownIssue": "passed", "fail": "failed", "skip": "skipped"}


def main() -> None:
    functions = set()
    outcomes = {}
    run_ended = False
    with open(sys.argv[1], encoding="utf-8") as stream:
        for line in stream:
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                break  # the last line of a process that died while it wrote
            payload = record["payload"]
            if record["kind"] == "test":
                if payload["kind"] == "function":
                    functions.add(payload["id"])
                continue
            test = payload.get("testID")
            event = payload["kind"]
            if event == "runEnded":
                run_ended = True
            elif test not in functions:
                continue
            elif event == "testStarted":
                outcomes[test] = "failed"
            elif event == "testSkipped":
                outcomes[test] = "skipped"
            elif event == "testEnded":
                symbols = {message["symbol"] for message in payload["messages"]}
                found = [OUTCOMES[symbol] for symbol in symbols if symbol in OUTCOMES]
                outcomes[test] = found[0] if len(found) == 1 else "failed"

    counts = {outcome: list(outcomes.values()).count(outcome) for outcome in ("passed", "failed", "skipped")}
    for test, outcome in sorted(outcomes.items()):
        if outcome == "failed":
            print(f"failed: {test}", file=sys.stderr)
    if not run_ended and counts["failed"] == 0:
        counts["failed"] = 1
        print("failed: the test process ended before its run did", file=sys.stderr)
    print(counts["passed"], counts["failed"], counts["skipped"])


if __name__ == "__main__":
    main()
