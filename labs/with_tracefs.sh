#!/usr/bin/env bash
# Runs COMMAND with tracefs where it stands on a host: `ip netns exec` gives its commands a /sys of their own, without it.
# The mount is seen by COMMAND alone, and goes with it.
#
#   ip netns exec NAMESPACE with_tracefs.sh COMMAND...
set -euo pipefail

[ -e /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing \
    || echo "with_tracefs.sh: no tracefs here: processes that live for a moment may stay unknown" >&2
exec "$@"
