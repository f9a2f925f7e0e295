#!/usr/bin/env bash
# Everything that must hold, in one run: format, scripts, a debug build with the targets' arrows checked, the tests,
# a release build without warnings, the package installed in a machine that boots, fuzzing for a while, the lab. On a
# machine with Swift 6.3 it installs by apt what else is missing.
#
# Each stage's log is shown only when it fails. A stage that fails does not keep the others from running, unless they
# need it. The last line, whatever happens: "N passed, N failed, N skipped", tests and checks together.
set -uo pipefail
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

passed=0 failed=0 skipped=0 finished=
logs=$(mktemp -d)

finish() {
    trap - EXIT INT TERM
    jobs -p | xargs -r kill 2>/dev/null
    wait
    rm -rf "$logs"
    if [ -z "$finished" ]; then
        echo "stopped before the end"
        failed=$((failed + 1))
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

add() { # PASSED FAILED SKIPPED
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# Runs COMMAND, its output into a log; in the background and waited for, so that a signal is acted on at once.
logged() { # LOG SECONDS COMMAND...
    local log=$1 limit=$2
    shift 2
    timeout --kill-after=20 "$limit" "$@" </dev/null >"$log" 2>&1 &
    wait $!
}

# Has COMMAND go on in the background; whoever ends it ends what it started.
background() { # COMMAND...
    (
        trap 'jobs -p | xargs -r kill 2>/dev/null; wait; exit 143' TERM
        "$@"
    ) &
}

# One check: passes or fails as its command does.
stage() { # NAME SECONDS COMMAND...
    local name=$1 log=$logs/stage began=$SECONDS status=0
    logged "$log" "${@:2}" || status=$?
    if [ "$status" = 0 ]; then
        add 1 0 0
        echo "ok     $name ($((SECONDS - began)) s)"
        return 0
    fi
    [ "$status" != 124 ] || echo "stopped after $2 s" >>"$log"
    add 0 1 0
    explain "$name" "$log"
    return 1
}

explain() { # NAME LOG
    echo "FAILED $1:"
    # The lines that name the cause, when there are such; else the end.
    { grep -E '(error|warning): |✘ |Fatal error|\[error\]' "$2" || tail -n 40 "$2"; } | head -n 80 | sed 's/^/    /'
}

# Tests: counted from Swift Testing's event stream, since its console output is for people.
swift_tests() { # NAME SECONDS ARGUMENT...
    local began=$SECONDS status=0
    run_tests "$logs/tests" "$2" swift test --skip-build --disable-xctest "${@:3}" || status=$?
    report_tests "$1" "$logs/tests" "$status" "$began"
}

# The same in so many processes at once, each with a lab of its own and its share of the matrix of faults, which mostly waits.
# The bundle is run by itself: `swift test` would wait for the others to leave the build folder.
sharded_tests() { # NAME SECONDS SHARDS ARGUMENT...
    local name=$1 limit=$2 shards=$3 began=$SECONDS shard status processes=()
    shift 3
    for ((shard = 1; shard <= shards; shard++)); do
        WAYBILL_SHARD=$shard/$shards background run_tests "$logs/shard$shard" "$limit" \
            .build/debug/waybillPackageTests.xctest --testing-library swift-testing "$@"
        processes+=($!)
    done
    for ((shard = 1; shard <= shards; shard++)); do
        status=0
        wait "${processes[shard - 1]}" || status=$?
        report_tests "$name, $shard of $shards" "$logs/shard$shard" "$status" "$began"
    done
}

run_tests() { # LOGS SECONDS COMMAND...
    : >"$1.events"
    logged "$1.log" "$2" "${@:3}" --event-stream-version 6.3 --event-stream-output-path "$1.events"
}

report_tests() { # NAME LOGS STATUS BEGAN
    local name=$1 log=$2.log status=$3 counts
    counts=$(python3 scripts/count_tests.py "$2.events" 2>"$2.failures") || counts="0 1 0"
    read -r -a counts <<<"$counts"
    if [ "$status" != 0 ] && [ "${counts[1]}" = 0 ]; then
        counts[1]=1
    fi
    add "${counts[@]}"
    if [ "${counts[1]}" = 0 ]; then
        echo "ok     $name: ${counts[0]} passed, ${counts[2]} skipped ($((SECONDS - $4)) s)"
    else
        explain "$name (exit status $status)" "$log"
        sed 's/^/    /' "$2.failures"
    fi
}

# Scripts print one line a check and the counts last, as this one does.
counted_checks() { # NAME SECONDS COMMAND...
    local log=$logs/checks began=$SECONDS status=0
    logged "$log" "${@:2}" || status=$?
    report_checks "$1" "$log" "$status" "$began"
}

report_checks() { # NAME LOG STATUS BEGAN
    if [[ $(tail -n 1 "$2") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        add "${BASH_REMATCH[@]:1:3}"
        echo "$([ "$3" = 0 ] && echo "ok    " || echo FAILED) $1: $(tail -n 1 "$2") ($((SECONDS - $4)) s)"
        grep -E '^(FAILED|skipped)|error: ' "$2" | grep -v '^ok' | sed 's/^/    /'
    else
        add 0 1 0
        explain "$1 (exit status $3)" "$2"
    fi
}

without_warnings() { # COMMAND...
    local output=$logs/build
    "$@" >"$output" 2>&1 || {
        cat "$output"
        return 1
    }
    # A dependency's warnings are its own, also those about its package as a whole, which come when it is first
    # resolved; ours name a file of ours, or no file at all. The linker's about Swift's own libraries are theirs as well.
    local theirs=$logs/dependencies
    sed -n "s/.*\"identity\" : \"\(.*\)\".*/warning: '\1':/p" Package.resolved >"$theirs"
    ! grep -E 'warning: ' "$output" | grep -vE '/\.build/|/checkouts/|/swift_static/' | grep -vFf "$theirs"
}
export -f without_warnings
export logs

stage "dependencies" 900 scripts/dependencies.sh || {
    finished=yes
    exit
}
# The build tools leave temporary folders behind: here they go with the logs. (apt's own user could not enter this one.)
export TMPDIR=$logs
# Scenarios of the lab that need a module of Python's find it by this.
stage "Python of the lab" 300 scripts/python_environment.sh lab-python labs/requirements.txt
export PATH=$PWD/.build/lab-python/bin:$PATH
stage "swift format" 300 swift format lint --strict --parallel --recursive Sources Tests Package.swift Fuzz/Package.swift Fuzz/Sources Benchmarks/Package.swift Benchmarks/Benchmarks
stage "shellcheck" 120 shellcheck labs/*.sh labs/scenarios/*.sh scripts/*.sh Fuzz/*.sh .ci/run
# What mostly waits goes beside what computes; the latter takes what the former leaves it of the processors.
lab_began=$SECONDS built=
background logged "$logs/lab" 600 labs/check.sh
lab=$!
! stage "debug build" 1500 nice -n 19 bash -c 'without_warnings swift build --build-tests --explicit-target-dependency-import-check error' || built=yes
wait "$lab"
report_checks "lab, meanwhile" "$logs/lab" $? "$lab_began"
if [ -n "$built" ]; then
    swift_tests "tests" 600 --parallel --skip EndToEndTests
    # Alone and one after the other: they compare times, and own the network while they run.
    swift_tests "end-to-end tests" 600 --no-parallel --filter EndToEndTests --skip VerdictTests
    counted_checks "contract" 240 scripts/contract_tests.sh
    sharded_tests "matrix of faults" 600 3 --no-parallel --filter 'EndToEndTests.*VerdictTests'
fi
if stage "release build" 1500 bash -c 'without_warnings scripts/release.sh'; then
    counted_checks "allocations" 120 scripts/allocations.sh
    counted_checks "flat memory" 600 scripts/flat_memory.sh
    background logged "$logs/fuzz" 1500 nice -n 19 scripts/fuzz.sh --build
    if stage "package" 600 scripts/package.sh --built --lint; then
        counted_checks "installed package" 300 labs/boot.sh
    fi
    counted_checks "loads and faults" 600 python3 labs/reliability --short --jobs 3
fi
counted_checks "fuzzing" 900 scripts/fuzz.sh 10
finished=yes
