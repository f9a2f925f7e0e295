#!/usr/bin/env bash
# Builds the fuzz targets and runs each for a while, two at a time, from the kept corpus (Fuzz/Corpus).
#
#   scripts/fuzz.sh [SECONDS] [TARGET...]     20 seconds, and all targets, when not said otherwise
#   scripts/fuzz.sh --build                   only builds them
#
# A find (a trap, an input that takes more than 5 s, more than 1 GiB) fails its target; the input is then kept in
# Fuzz/Finds, and the line says how to run it again. New inputs that reached new code go to Fuzz/New/TARGET, from where
# Fuzz/corpus.sh takes what is worth keeping. Last line: "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../Fuzz" || exit 1
seconds=${1:-20}
shift || true
targets=("$@")
# Swift's runtime keeps what it allocates once for ever: leaks are not looked for, growth is.
export ASAN_OPTIONS=detect_leaks=0:malloc_context_size=4:detect_stack_use_after_return=0
export SWIFT_BACKTRACE=enable=yes,color=no,registers=none,images=none,threads=crashed,limit=24
logs=$(mktemp -d)
trap 'jobs -p | xargs -r kill 2>/dev/null; wait; rm -rf "$logs"' EXIT

swift build -c release --product fuzz >"$logs/build" 2>&1 || {
    grep -E 'error: ' "$logs/build" || tail -n 20 "$logs/build"
    echo "FAILED build of Fuzz"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}
[ "$seconds" != --build ] || exit 0
[ "${#targets[@]}" -gt 0 ] || mapfile -t targets < <(.build/release/fuzz --targets)
mkdir -p Finds

run() { # TARGET
    local dictionary=()
    [ ! -e "Dictionaries/$1" ] || dictionary=("-dict=Dictionaries/$1")
    mkdir -p "New/$1" "Corpus/$1"
    .build/release/fuzz --target="$1" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -max_len=8192 \
        -artifact_prefix="Finds/$1-" -print_final_stats=1 "${dictionary[@]}" "New/$1" "Corpus/$1" \
        >"$logs/$1" 2>&1
}

tell() { # TARGET STATUS
    local executions rate coverage input
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$1")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$logs/$1")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$logs/$1" | tail -n 1)
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        echo "ok     $1: $executions executions, $rate a second, $coverage edges covered"
        return
    fi
    failed=$((failed + 1))
    input=$(sed -n 's/.*Test unit written to //p' "$logs/$1" | tail -n 1)
    echo "FAILED $1 (exit status $2), again with: cd Fuzz && .build/release/fuzz --target=$1 ${input:-(no input was written)}"
    grep -E -A 25 'Fatal error|ERROR: ' "$logs/$1" | head -n 30 | sed 's/^/    /'
}

passed=0 failed=0
declare -A running=()
collect() {
    local ended status
    wait -n -p ended
    status=$?
    tell "${running[$ended]}" "$status"
    unset "running[$ended]"
}
for target in "${targets[@]}"; do
    [ "${#running[@]}" -lt 2 ] || collect
    run "$target" &
    running[$!]=$target
done
while [ "${#running[@]}" -gt 0 ]; do collect; done
echo "$passed passed, $failed failed, 0 skipped"
exit $((failed > 0))
