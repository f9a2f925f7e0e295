#!/usr/bin/env bash
# Makes Fuzz/Corpus anew: seeds from the captures in Tests/Captures and what longer runs found (Fuzz/New), reduced for
# each target to the smallest inputs that together reach all that the whole reaches.
#
#   Fuzz/corpus.sh [KIB]     KIB for each target at most, 96 when not said otherwise: the smallest inputs stay
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
limit=$((${1:-96} * 1024))
swift build -c release --product fuzz
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
export ASAN_OPTIONS=detect_leaks=0:malloc_context_size=4:detect_stack_use_after_return=0
.build/release/fuzz --seeds="$seeds" ../Tests/Captures/*.pcap* ../Tests/Captures/netlink/*.hex
for folder in "$seeds"/*; do
    target=$(basename "$folder")
    mkdir -p "New/$target" "Corpus/$target" "$seeds/merged/$target"
    .build/release/fuzz --target="$target" -merge=1 -timeout=5 -max_len=8192 "$seeds/merged/$target" "$folder" \
        "Corpus/$target" "New/$target" 2>"$seeds/log" || { tail "$seeds/log" >&2 && exit 1; }
    rm -rf "Corpus/$target"
    mkdir -p "Corpus/$target"
    find "$seeds/merged/$target" -type f -printf '%s %p\n' | sort -n | while read -r size file; do
        limit=$((limit - size))
        [ "$limit" -gt 0 ] || break
        cp "$file" "Corpus/$target/"
    done
    echo "$target: $(find "Corpus/$target" -type f | wc -l) inputs, $(du -sb "Corpus/$target" | cut -f 1) bytes"
done
