#!/usr/bin/env bash
# A small internet in three network namespaces: client, router with NAT, server. Needs root; needs no internet.
#
#   wb-ID-client                    wb-ID-router                          wb-ID-server
#   eth0 10.77.1.2/24 ---- lan0 10.77.1.1   wan0 10.77.2.1 ---- eth0 10.77.2.2/24
#        fd77:1::2/64           fd77:1::1        fd77:2::1           fd77:2::2/64
#   resolv.conf: 10.77.1.1      dnsmasq, IPv4 masquerade         nginx, odd_server.py
#
#   lab.sh up ID                    make the lab (ID: 1 to 12 of a-z 0-9; labs of different ids live side by side)
#   lab.sh down ID                  remove it with every process inside; nothing to remove is success
#   lab.sh exec ID HOST -- COMMAND  run COMMAND on client, router or server
#   lab.sh env ID                   print the lab's addresses, ports and paths as shell assignments
#   lab.sh fault ID NAME            break the lab as a whole until `fault ID clear`; `fault ID list` names the faults
#
# Faults that a single request can meet stand ready at fixed ports, addresses and names; `lab.sh env` lists them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"

usage() {
    sed -n '2,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit "${1:-2}"
}

# Addresses, ports and names of the lab; `env` prints exactly these.
address_book() {
    cat <<VARIABLES
LAB_ID=$id
LAB_DIR=$lab_dir
LAB_SOCKET=$lab_dir/waybill.sock
LAB_CLIENT_NS=wb-$id-client
LAB_ROUTER_NS=wb-$id-router
LAB_SERVER_NS=wb-$id-server
LAB_CLIENT=10.77.1.2
LAB_CLIENT6=fd77:1::2
LAB_GATEWAY=10.77.1.1
LAB_GATEWAY6=fd77:1::1
LAB_RESOLVER=10.77.1.1
LAB_NAT_ADDRESS=10.77.2.1
LAB_SERVER=10.77.2.2
LAB_SERVER6=fd77:2::2
LAB_CERTIFICATE=$lab_dir/tls/certificate.pem
LAB_KEY=$lab_dir/tls/key.pem
LAB_NAME=www.lab.waybill.test
LAB_NAME_IPV4=ipv4.lab.waybill.test
LAB_NAME_IPV6=ipv6.lab.waybill.test
LAB_NAME_ALIAS=alias.lab.waybill.test
LAB_NAME_NXDOMAIN=nx.lab.waybill.test
LAB_NAME_SILENT=www.silent.waybill.test
LAB_NAME_SERVFAIL=www.servfail.waybill.test
LAB_NAME_REFUSED=www.elsewhere.test
LAB_NAME_TRUNCATED=big.lab.waybill.test
LAB_PORT_REFUSED=81
LAB_PORT_RESET=8001
LAB_PORT_HALF_CLOSE=8002
LAB_PORT_STALL=8003
LAB_PORT_EMPTY=8004
LAB_PORT_LATE=8005
LAB_PORT_SHORT=8006
LAB_PORT_LATE_RESET=8007
LAB_PORT_BLACKHOLE=9001
LAB_PORT_PROHIBITED=9002
LAB_PORT_UNREACHABLE=9003
LAB_PORT_REJECTED=9004
LAB_ABSENT_NEIGHBOUR=10.77.1.99
LAB_ABSENT_SERVER=10.77.2.99
LAB_NO_ROUTE=10.77.9.9
LAB_SILENT_RESOLVER=10.77.1.53
LAB_DEAD_RESOLVER=10.77.2.3
VARIABLES
}

resolves() {
    in_ns "$LAB_CLIENT_NS" dig +time=1 +tries=1 +short "@$LAB_RESOLVER" "$LAB_NAME" A | grep -q "^$LAB_SERVER\$"
}

carrier_is_up() { # NAMESPACE INTERFACE
    [ "$(in_ns "$1" cat "/sys/class/net/$2/operstate")" = up ]
}

make_namespaces() {
    local ns
    for ns in "$LAB_CLIENT_NS" "$LAB_ROUTER_NS" "$LAB_SERVER_NS"; do
        ip netns add "$ns"
        # No duplicate address detection and no router solicitation: addresses are usable at once, and the wire is quiet.
        in_ns "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 \
            net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
            net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_ra=0 \
            net.ipv6.conf.all.keep_addr_on_down=1 net.ipv6.conf.default.keep_addr_on_down=1
        ip -n "$ns" link set lo up
    done
}

connect() { # NAMESPACE INTERFACE IPV4 IPV6 NAMESPACE INTERFACE IPV4 IPV6
    ip -n "$1" link add "$2" type veth peer name "$6" netns "$5"
    local ns interface
    while (($# > 0)); do
        ns=$1 interface=$2
        ip -n "$ns" address add "$3" dev "$interface"
        ip -n "$ns" address add "$4" dev "$interface" nodad
        ip -n "$ns" link set "$interface" up
        shift 4
    done
}

make_network() {
    connect "$LAB_CLIENT_NS" eth0 "$LAB_CLIENT/24" "$LAB_CLIENT6/64" \
        "$LAB_ROUTER_NS" lan0 "$LAB_GATEWAY/24" "$LAB_GATEWAY6/64"
    connect "$LAB_SERVER_NS" eth0 "$LAB_SERVER/24" "$LAB_SERVER6/64" \
        "$LAB_ROUTER_NS" wan0 "$LAB_NAT_ADDRESS/24" "fd77:2::1/64"
    ip -n "$LAB_CLIENT_NS" route add default via "$LAB_GATEWAY"
    ip -n "$LAB_CLIENT_NS" -6 route add default via "$LAB_GATEWAY6"
    ip -n "$LAB_SERVER_NS" -6 route add default via fd77:2::1
    ip -n "$LAB_ROUTER_NS" address add "$LAB_SILENT_RESOLVER/24" dev lan0
    ip -n "$LAB_SERVER_NS" address add "$LAB_DEAD_RESOLVER/24" dev eth0
    in_ns "$LAB_ROUTER_NS" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    # A router limits its ICMP errors to one a second and peer; a lab that provokes them on purpose does not.
    in_ns "$LAB_ROUTER_NS" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
    # SYN retransmissions after 1, 3 and 7 s (RFC 6298) on every kernel: since Linux 6.5 the first four come each second.
    in_ns "$LAB_CLIENT_NS" sysctl -qw net.ipv4.tcp_syn_linear_timeouts=0 2>/dev/null || true
    await "the client's link" carrier_is_up "$LAB_CLIENT_NS" eth0
    await "the server's link" carrier_is_up "$LAB_SERVER_NS" eth0
}

# NAT proves itself: the server has no route back to the client's network, unless the kernel cannot translate.
make_nat() {
    if in_ns "$LAB_ROUTER_NS" nft -f - 2>"$lab_dir/log/nat" <<'RULES'; then
table ip nat {
    chain postrouting {
        type nat hook postrouting priority srcnat
        oifname "wan0" masquerade
    }
}
RULES
        echo masquerade >"$lab_dir/nat"
    else
        echo none >"$lab_dir/nat"
        ip -n "$LAB_SERVER_NS" route add default via "$LAB_NAT_ADDRESS"
        echo "lab.sh: this kernel has no NAT for nftables: the lab routes without translation ($(head -1 "$lab_dir/log/nat"))" >&2
    fi
}

make_standing_faults() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table inet standing {
    chain input {
        type filter hook input priority filter
        ip daddr $LAB_SILENT_RESOLVER drop
    }
    chain forward {
        type filter hook forward priority filter
        tcp dport $LAB_PORT_PROHIBITED reject with icmpx admin-prohibited
        tcp dport $LAB_PORT_UNREACHABLE reject with icmpx host-unreachable
        tcp dport $LAB_PORT_REJECTED reject with tcp reset
        # The kernel's own answer for want of a route is rationed to a few each second for all namespaces together.
        ip daddr $LAB_NO_ROUTE reject with icmp net-unreachable
    }
}
RULES
    ip -n "$LAB_ROUTER_NS" route add "$LAB_NO_ROUTE/32" dev wan0
    in_ns "$LAB_SERVER_NS" nft -f - <<RULES
table inet standing {
    chain input {
        type filter hook input priority filter
        tcp dport $LAB_PORT_BLACKHOLE drop
        udp dport 5354 drop
    }
}
RULES
}

point_at_resolver() { # NAMESPACE ADDRESS
    # ip-netns(8) mounts these over /etc for every command it starts in the namespace. Written in place, so that
    # commands that are running already see a change.
    mkdir -p "/etc/netns/$1"
    printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$2" >"/etc/netns/$1/resolv.conf"
    if [ -e /etc/nsswitch.conf ]; then
        printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"/etc/netns/$1/nsswitch.conf"
    fi
}

start_dnsmasq() {
    local n
    {
        cat <<CONFIGURATION
user=root
pid-file=$lab_dir/dnsmasq.pid
log-facility=$lab_dir/log/dnsmasq
bind-interfaces
listen-address=$LAB_RESOLVER,$LAB_GATEWAY6
no-hosts
no-resolv
local-ttl=300
max-ttl=300
# The lab's own zone: what is not listed here does not exist.
local=/lab.waybill.test/
host-record=$LAB_NAME,$LAB_SERVER,$LAB_SERVER6
host-record=$LAB_NAME_IPV4,$LAB_SERVER
host-record=$LAB_NAME_IPV6,$LAB_SERVER6
cname=edge.lab.waybill.test,$LAB_NAME
cname=$LAB_NAME_ALIAS,edge.lab.waybill.test
mx-host=lab.waybill.test,mail.lab.waybill.test,10
txt-record=lab.waybill.test,v=lab1
srv-host=_http._tcp.lab.waybill.test,$LAB_NAME,80
ptr-record=2.2.77.10.in-addr.arpa,$LAB_NAME
# One zone whose server never answers, one whose server fails; any other name is refused.
server=/silent.waybill.test/$LAB_SERVER#5354
server=/servfail.waybill.test/$LAB_SERVER#5355
CONFIGURATION
        # 40 records do not fit one datagram: truncated, then asked again over TCP.
        for ((n = 1; n <= 40; n++)); do
            printf 'txt-record=%s,record-%02d-of-forty-that-do-not-fit-one-datagram-of-1232-bytes\n' \
                "$LAB_NAME_TRUNCATED" "$n"
        done
    } >"$lab_dir/dnsmasq.conf"
    in_ns "$LAB_ROUTER_NS" dnsmasq --conf-file="$lab_dir/dnsmasq.conf"
    await "dnsmasq" resolves
}

start_nginx() {
    local www=$lab_dir/www tls=$lab_dir/tls
    mkdir -p "$www" "$tls" "$lab_dir/nginx"
    printf '<!doctype html><title>Waybill lab</title><p>It arrived.</p>\n' >"$www/index.html"
    truncate -s 100MB "$www/100MB"
    truncate -s 20kB "$www/20kB"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj "/CN=$LAB_NAME" -addext "subjectAltName=DNS:*.lab.waybill.test,IP:$LAB_SERVER,IP:$LAB_SERVER6" \
        -keyout "$LAB_KEY" -out "$LAB_CERTIFICATE" 2>"$lab_dir/log/openssl" \
        || fail "openssl made no certificate; see $lab_dir/log/openssl"
    cat >"$lab_dir/nginx.conf" <<CONFIGURATION
user root;
worker_processes 1;
pid $lab_dir/nginx.pid;
error_log $lab_dir/log/nginx-error;
events { worker_connections 1024; }
http {
    access_log off;
    default_type text/html;
    client_body_temp_path $lab_dir/nginx/body;
    proxy_temp_path $lab_dir/nginx/proxy;
    fastcgi_temp_path $lab_dir/nginx/fastcgi;
    uwsgi_temp_path $lab_dir/nginx/uwsgi;
    scgi_temp_path $lab_dir/nginx/scgi;
    sendfile on;
    server {
        listen 80 backlog=1024;
        listen [::]:80 backlog=1024;
        listen 443 ssl;
        listen [::]:443 ssl;
        server_name $LAB_NAME;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate $LAB_CERTIFICATE;
        ssl_certificate_key $LAB_KEY;
        root $www;
        location = /slow { alias $www/100MB; limit_rate 20k; }
        location = /missing { return 404; }
        # The client's address as the server sees it: the router's, after NAT.
        location = /peer { default_type text/plain; return 200 \$remote_addr; }
    }
}
CONFIGURATION
    in_ns "$LAB_SERVER_NS" nginx -e "$lab_dir/log/nginx-error" -c "$lab_dir/nginx.conf"
    await "nginx" listens "$LAB_SERVER_NS" 443
}

start_odd_server() {
    in_ns "$LAB_SERVER_NS" setsid python3 "$here/odd_server.py" --address "$LAB_SERVER" \
        --reset "$LAB_PORT_RESET" --half-close "$LAB_PORT_HALF_CLOSE" --stall "$LAB_PORT_STALL" \
        --empty "$LAB_PORT_EMPTY" --late "$LAB_PORT_LATE" --short "$LAB_PORT_SHORT" \
        --late-reset "$LAB_PORT_LATE_RESET" --servfail 5355 \
        </dev/null >"$lab_dir/log/odd_server" 2>&1 &
    await "odd_server.py" grep -qs '^ready$' "$lab_dir/log/odd_server"
}

up() {
    local tool missing=()
    [ "$(id -u)" = 0 ] || fail "network namespaces need root: run it with sudo"
    for tool in ip nft dnsmasq nginx openssl python3 dig ss sysctl; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    [ "${#missing[@]}" = 0 ] || fail "not installed: ${missing[*]}; 'make deps' installs them"
    [ ! -e "/run/netns/$LAB_CLIENT_NS" ] || fail "lab $id is up already; 'lab.sh down $id' removes it"
    [ -e /proc/sys/net/ipv6 ] || fail "this kernel runs without IPv6, which the lab needs"
    # Not -p: in a folder that everybody may write to, only a folder that is new is ours.
    mkdir "$lab_dir" || fail "lab $id cannot make its folder; 'lab.sh down $id' removes an old one"
    trap 'trap - EXIT; down' EXIT
    mkdir "$lab_dir/log"
    make_namespaces
    make_network
    make_nat
    make_standing_faults
    point_at_resolver "$LAB_CLIENT_NS" "$LAB_RESOLVER"
    start_odd_server
    start_dnsmasq
    start_nginx
    trap - EXIT
}

namespace_is_empty() {
    [ -z "$(ip netns pids "$1" 2>/dev/null)" ]
}

signal_namespace() { # SIGNAL NAMESPACE
    local pids
    pids=$(ip netns pids "$2" 2>/dev/null | grep -vx "$$" || true)
    # Word splitting wanted: one pid a line. A process that just ended is no error.
    # shellcheck disable=SC2086
    [ -z "$pids" ] || kill -"$1" $pids 2>/dev/null || true
}

# The lab's three hosts, and those that a scenario added.
namespaces() {
    ip netns list | sed -n "s/^\(wb-$id-[^ ]*\).*/\1/p"
}

down() {
    local ns signal
    for signal in TERM KILL; do
        for ns in $(namespaces); do
            signal_namespace "$signal" "$ns"
        done
        for ns in $(namespaces); do
            local deadline=$((SECONDS + 3))
            until namespace_is_empty "$ns" || ((SECONDS > deadline)); do
                sleep 0.02
            done
        done
    done
    for ns in $(namespaces); do
        ip netns delete "$ns"
    done
    rm -rf "/etc/netns/wb-$id-"*
    rmdir --ignore-fail-on-non-empty /etc/netns 2>/dev/null || true
    rm -rf "$lab_dir"
}

fault_names="blackhole prohibited unreachable rejected dns_silent dns_dead gateway_down link_down"

# Breaks the lab as a whole, for requests of any tool. One fault at a time.
fault() { # NAME
    local web='iifname lan0 tcp dport { 80, 443 }' dns='iifname lan0 meta l4proto { tcp, udp } th dport 53'
    clear_fault
    case $1 in
        clear) ;;
        list) tr ' ' '\n' <<<"$fault_names" ;;
        blackhole) drop_or_reject forward "$web drop" ;;
        prohibited) drop_or_reject forward "$web reject with icmpx admin-prohibited" ;;
        unreachable) drop_or_reject forward "$web reject with icmpx host-unreachable" ;;
        rejected) drop_or_reject forward "$web reject with tcp reset" ;;
        dns_silent) drop_or_reject input "$dns drop" ;;
        dns_dead) point_at_resolver "$LAB_CLIENT_NS" "$LAB_DEAD_RESOLVER" ;;
        gateway_down)
            ip -n "$LAB_ROUTER_NS" link set lan0 arp off
            ip -n "$LAB_CLIENT_NS" neighbour flush dev eth0
            ;;
        link_down) ip -n "$LAB_ROUTER_NS" link set lan0 down ;;
        *) fail "no fault '$1'; there are: $fault_names clear list" ;;
    esac
}

drop_or_reject() { # HOOK RULE
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table inet fault {
    chain $1 {
        type filter hook $1 priority filter - 1
        $2
    }
}
RULES
}

clear_fault() {
    in_ns "$LAB_ROUTER_NS" nft delete table inet fault 2>/dev/null || true
    ip -n "$LAB_ROUTER_NS" link set lan0 arp on up
    await "the client's link" carrier_is_up "$LAB_CLIENT_NS" eth0
    ip -n "$LAB_CLIENT_NS" neighbour flush dev eth0
    point_at_resolver "$LAB_CLIENT_NS" "$LAB_RESOLVER"
}

[ $# -gt 0 ] || usage
case $1 in -h | --help | help) usage 0 ;; esac
[ $# -ge 2 ] || usage
verb=$1 id=$2
shift 2
[[ $id =~ ^[a-z0-9]{1,12}$ ]] || fail "bad lab id '$id': use 1 to 12 of a-z and 0-9"
lab_dir=${TMPDIR:-/tmp}/waybill-lab-$id
eval "$(address_book)"

need_lab() {
    [ -e "/run/netns/$LAB_CLIENT_NS" ] || fail "lab $id is not up; 'lab.sh up $id' makes it"
}

case $verb in
    up) up ;;
    down)
        [ "$(id -u)" = 0 ] || fail "network namespaces need root: run it with sudo"
        down
        ;;
    env) address_book ;;
    exec)
        need_lab
        host=${1:-}
        case $host in client | router | server) ;; *) fail "no host '$host'; there are: client router server" ;; esac
        shift
        [ "${1:-}" != -- ] || shift
        [ $# -gt 0 ] || fail "exec: say which command"
        exec ip netns exec "wb-$id-$host" "$@"
        ;;
    fault)
        need_lab
        [ $# = 1 ] || fail "fault: name one of: $fault_names clear list"
        fault "$1"
        ;;
    *) fail "no subcommand '$verb'; there are: up down exec env fault" ;;
esac
