# shellcheck shell=bash
# As `accept_queue`, with clients that break off: their RST is beyond what the server took, and it asks whether that is meant
# (a challenge ACK, RFC 5961 §3.2).
verdict='connect.not_accepted@connect'
exits='python3 0'
recorded=no
callers_end_by=RST
# shellcheck source=labs/scenarios/accept_queue.sh
. "$here/scenarios/accept_queue.sh"
