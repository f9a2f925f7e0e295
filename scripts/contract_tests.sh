#!/usr/bin/env bash
# The contract against the programs: the daemon's answers to calls that schemathesis makes of docs/openapi.yaml, the records
# of every capture in Tests/Captures and of the daemon against their JSON Schemas, and nothing gone that was ever promised.
#
#   contract_tests.sh            one line a check, the counts last
#   contract_tests.sh write      what is made of docs/openapi.yaml anew, and all fields of now into docs/schemas/v1.txt
#
# Needs root, for a network namespace with a daemon; and PyPI the first time, for a virtual environment in .build.
set -uo pipefail
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

if ! environment=$(scripts/python_environment.sh contract scripts/contract_requirements.txt); then
    echo "FAILED contract: its Python packages could not be installed"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

if [ "${1:-}" = write ]; then
    "$environment/bin/python" scripts/contract.py
    exec "$environment/bin/python" scripts/contract_tests.py write
fi

programs=${WAYBILL_PROGRAMS:-.build/debug}
namespace=wb-contract-$$
folder=$(mktemp -d)
daemon=
# shellcheck disable=SC2317  # the trap calls it
clean_up() {
    [ -z "$daemon" ] || { kill "$daemon" && wait "$daemon"; } 2>/dev/null
    ip netns delete "$namespace" 2>/dev/null
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if ! ip netns add "$namespace" || ! ip -n "$namespace" link set lo up; then
    echo "FAILED contract: no network namespace could be made; run it as root"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
ip netns exec "$namespace" "$programs/waybilld" --socket "$folder/waybill.sock" --history "$folder/history" 2>"$folder/log" &
daemon=$!
for _ in $(seq 100); do
    [ -S "$folder/waybill.sock" ] && break
    sleep 0.1
done
ip netns exec "$namespace" "$environment/bin/python" scripts/contract_tests.py \
    "$folder/waybill.sock" "$programs/waybill" "$environment/bin/schemathesis" "$folder"
status=$?
[ "$status" = 0 ] || tail -n 5 "$folder/log"
exit "$status"
