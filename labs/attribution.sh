#!/usr/bin/env bash
# Which process asked: many programs that live for milliseconds, and how many of them the daemon names, how many of
# them wrongly. Needs root, curl, dig, dnsmasq, nginx and python3; needs no internet.
#
#   attribution.sh PROGRAMS [COUNT] [OPTION...]    PROGRAMS is the folder of waybilld, COUNT how many of each kind
#                                                  (1000); options are those of attribution.py
#
# Everything happens in two network namespaces of their own, removed at the end. With TRACING=no the daemon has no
# tracefs, and the kernel's table of sockets alone must tell. The exit status is 1 when one is named wrongly.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"

[ $# -ge 1 ] || {
    sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}
programs=$1 count=${2:-1000}
shift $(($# > 1 ? 2 : 1))
id=wbattr$$
client=$id-c server=$id-s
LAB_DIR=$(mktemp -d)
mkdir "$LAB_DIR/log"

cleanup() {
    local ns
    for ns in "$client" "$server"; do
        ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
        ip netns del "$ns" 2>/dev/null || true
    done
    rm -rf "$LAB_DIR"
}
trap cleanup EXIT

ip netns add "$client"
ip netns add "$server"
ip link add eth0 netns "$client" type veth peer name eth0 netns "$server"
for ns in "$client" "$server"; do
    ip -n "$ns" link set lo up
    ip -n "$ns" link set eth0 up
done
ip -n "$client" addr add 10.78.1.2/24 dev eth0
ip -n "$server" addr add 10.78.1.1/24 dev eth0
in_ns "$client" sysctl -qw net.ipv4.ip_local_port_range="40000 60000"

in_ns "$server" dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file= \
    --address=/www.lab.test/10.78.1.1 >"$LAB_DIR/log/dnsmasq" 2>&1 &
cat >"$LAB_DIR/nginx.conf" <<CONFIG
daemon off; pid $LAB_DIR/nginx.pid; error_log $LAB_DIR/log/nginx;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path $LAB_DIR/b; proxy_temp_path $LAB_DIR/p; fastcgi_temp_path $LAB_DIR/f;
       uwsgi_temp_path $LAB_DIR/u; scgi_temp_path $LAB_DIR/s;
       server { listen 8080 backlog=4096; location / { return 200 "ok\n"; } } }
CONFIG
in_ns "$server" nginx -c "$LAB_DIR/nginx.conf" >/dev/null 2>&1 &
await nginx listens "$server" 8080
await dnsmasq listens "$server" udp/53

# `ip netns exec` gives a /sys of its own, without tracefs.
mount="mount -t tracefs tracefs /sys/kernel/tracing;"
[ "${TRACING:-yes}" = yes ] || mount="umount /sys/kernel/tracing 2>/dev/null;"
in_ns "$client" sh -c "$mount exec \"\$@\"" sh "$programs/waybilld" --user root --socket "$LAB_DIR/waybill.sock" --history "" \
    >"$LAB_DIR/log/waybilld" 2>&1 &
await waybilld grep -q "serving at" "$LAB_DIR/log/waybilld"
daemon=$(ip netns pids "$client" | while read -r pid; do
    [ "$(cat "/proc/$pid/comm")" != waybilld ] || echo "$pid"
done)

in_ns "$client" "$here/attribution.py" "$LAB_DIR/waybill.sock" 10.78.1.2 10.78.1.1 "$count" --daemon "$daemon" "$@"
