# shellcheck shell=bash disable=SC2154 # `here` and LAB_… are set by who sources it
# What scenarios call: the tools whose words count as observations, and servers and hosts of a scenario's own.

observations=()

observe() { # TOOL EXIT JSON
    observations+=("{\"tool\": \"$1\", \"exit\": $2, \"observed\": ${3:-null}}")
}

# Any command in the client; of what it said only its exit status is kept.
try() { # COMMAND...
    local exit=0
    in_client "$@" </dev/null >>"$LAB_DIR/log/${1##*/}" 2>&1 || exit=$?
    observe "${1##*/}" "$exit"
}

# The same from another host of the lab: `on router try_curl …`.
on() { # HOST TRY_…
    local LAB_CLIENT_NS=wb-$LAB_ID-$1
    shift
    "$@"
}

# One observation for every transfer. %{json} has each transfer's own exit code; the tool's stands beside it.
try_curl() { # CURL-ARGUMENT...
    local output exit=0 line
    output=$(in_client curl --no-progress-meter --max-time 30 --write-out '%{json}\n' --output /dev/null "$@" 2>/dev/null \
        | sed -E 's/"certs":"[^"]*",//; s/,"curl_version":"[^"]*"//') || exit=$?
    while IFS= read -r line; do
        [ -z "$line" ] || observe curl "$exit" "$line"
    done <<<"$output"
}

# What dig says of one query; the query time in microseconds, and null for what it did not get.
try_dig() { # DIG-ARGUMENT...
    local output exit=0
    output=$(in_client dig -u +noall +comments +answer +stats +time=1 +tries=2 "$@") || exit=$?
    observe dig "$exit" "$(awk '
        function text(value) { gsub(/[\\"]/, "", value); return "\"" value "\"" }
        /^;; ->>HEADER<<-/ { gsub(/,/, ""); for (i = 1; i < NF; i++) { if ($i == "status:") status = text($(i + 1)); if ($i == "id:") id = $(i + 1) } }
        /^;; Truncated/ { truncated = "true" }
        /^; EDE: / { extended = text(substr($0, 8)) }
        /^;; Query time:/ { time = $4 }
        /^;; SERVER:/ { server = text($3); transport = text($NF) }
        /^[^;]/ && NF >= 5 { answers = answers (answers ? ", " : "") "{\"name\": " text($1) ", \"ttl\": " $2 ", \"type\": " text($4) ", \"data\": " text($5) "}" }
        function or_null(value) { return value == "" ? "null" : value }
        END {
            printf "{\"status\": %s, \"id\": %s, \"query_time_microseconds\": %s, \"server\": %s, \"transport\": %s, \"answers\": [%s]%s}",
                or_null(status), or_null(id), or_null(time), or_null(server), or_null(transport), answers,
                extended ? ", \"extended_error\": " extended : ""
        }' <<<"$output")"
}

try_ping() { # PING-ARGUMENT...
    local output exit=0
    output=$(in_client ping -n "$@") || exit=$?
    observe ping "$exit" "$(awk '
        / icmp_seq=.* time=/ {
            match($0, /icmp_seq=[0-9]+/); sequence = substr($0, RSTART + 9, RLENGTH - 9)
            match($0, /ttl=[0-9]+/); ttl = substr($0, RSTART + 4, RLENGTH - 4)
            match($0, /time=[0-9.]+/); time = substr($0, RSTART + 5, RLENGTH - 5)
            replies = replies (replies ? ", " : "") "{\"sequence\": " sequence ", \"ttl\": " ttl ", \"time_milliseconds\": " time "}"
        }
        / packets transmitted/ { sent = $1; received = $4 }
        END { printf "{\"sent\": %d, \"received\": %d, \"replies\": [%s]}", sent, received, replies }' <<<"$output")"
}

# One datagram; what came of it: nothing, or the error that ICMP brought.
try_datagram() { # ADDRESS PORT
    try python3 -c "
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
    datagrams.settimeout(5)
    datagrams.connect(('$1', $2))
    datagrams.send(b'is anybody there?')
    try:
        datagrams.recv(100)
    except OSError as error:
        print(error)"
}

try_odd_client() { # BEHAVIOUR ADDRESS PORT
    local output exit=0
    output=$(in_client python3 "$here/odd_client.py" "$@") || exit=$?
    observe odd_client "$exit" "$output"
}

# Chromium without a window on one page, in a profile of its own, with nothing that calls home. The lab's certificate
# counts as good, for QUIC too.
try_chromium() { # CHROMIUM-ARGUMENT... URL
    local exit=0 key
    key=$(openssl x509 -in "$LAB_CERTIFICATE" -pubkey -noout | openssl pkey -pubin -outform der \
        | openssl dgst -sha256 -binary | base64)
    in_client env HOME="$LAB_DIR/chromium" timeout 30 chromium --headless --no-sandbox --disable-gpu \
        --user-data-dir="$LAB_DIR/chromium" --no-first-run --disable-background-networking --disable-sync \
        --disable-component-update --disable-default-apps --disable-extensions --disable-domain-reliability \
        --disable-features=OptimizationHints,MediaRouter,CertificateTransparencyComponentUpdater \
        --host-resolver-rules="MAP *.google.com ^NOTFOUND, MAP *.googleapis.com ^NOTFOUND, MAP *.gstatic.com ^NOTFOUND" \
        --ignore-certificate-errors-spki-list="$key" --virtual-time-budget=2000 --dump-dom "$@" \
        </dev/null >>"$LAB_DIR/log/chromium" 2>&1 || exit=$?
    observe chromium "$exit"
}

# A server or another process of the scenario's own, in the background until the scenario is over. Its words go to
# $LAB_DIR/log/NAME. It is there once every PORT listens: 443, or udp/443; `-` waits for nothing.
start() { # NAMESPACE NAME PORTS COMMAND...
    local ns=$1 name=$2 port
    local -a ports=("$3")
    [[ $3 != *,* ]] || IFS=, read -ra ports <<<"$3"
    shift 3
    ip netns exec "$ns" setsid "$@" </dev/null >"$LAB_DIR/log/$name" 2>&1 &
    echo $! >>"$LAB_DIR/scenario.pids"
    for port in "${ports[@]}"; do
        [ "$port" = - ] || await "$name listens at $port" listens "$ns" "$port"
    done
}

# An HTTP/3 server of ngtcp2's, with a page of 400 bytes.
start_quic_server() { # GTLSSERVER-OPTION...
    mkdir -p "$LAB_DIR/http3"
    printf '%0400d' 0 >"$LAB_DIR/http3/index.html"
    start "$LAB_SERVER_NS" gtlsserver udp/443 gtlsserver --quiet --htdocs="$LAB_DIR/http3" "$@" "$LAB_SERVER" 443 \
        "$LAB_KEY" "$LAB_CERTIFICATE"
}

# ngtcp2's client, which knows no way to check a certificate; it ends when all its streams do.
try_quic() { # GTLSCLIENT-OPTION... URL
    try gtlsclient --quiet --exit-on-all-streams-close --no-pmtud "${@:1:$#-1}" "$LAB_NAME_IPV4" 443 "${@: -1}"
}

# labs/quic_peer.py, for what ngtcp2's programs cannot do.
start_quic_peer() { # VERSION...
    start "$LAB_SERVER_NS" quic_peer udp/4433 python3 "$here/quic_peer.py" server "$LAB_SERVER" 4433 "$LAB_KEY" \
        "$LAB_CERTIFICATE" "$@"
}

try_quic_peer() { # ALPN VERSION...
    try "$here/quic_peer.py" client "$LAB_SERVER" 4433 "$LAB_NAME_IPV4" "$@"
}

# One end of a tunnel by labs/tunnel_peer.py, which says what KIND and its arguments are: a DEVICE with ADDRESS. It ends
# with the scenario.
start_tunnel() { # NAMESPACE DEVICE ADDRESS KIND ARGUMENT...
    local ns=$1 device=$2 address=$3 log=$2-${1##*-}
    shift 3
    rm -f "$LAB_DIR/log/$log"
    start "$ns" "$log" - python3 "$here/tunnel_peer.py" "$device" "$@"
    await "the tunnel $device" grep -qs '^ready$' "$LAB_DIR/log/$log"
    # Where frames travel, IPv6 would report its groups at a moment of its own.
    case $1 in gretap | geneve | pseudowire) in_ns "$ns" sysctl -qw "net.ipv6.conf.$device.disable_ipv6=1" ;; esac
    ip -n "$ns" link set "$device" addrgenmode none mtu 1400
    ip -n "$ns" address add "$address" dev "$device"
    ip -n "$ns" link set "$device" up
}

# A certificate for DNS NAME, valid from FROM until UNTIL (openssl-ca's 20200101000000Z), that is its own authority:
# $LAB_DIR/FOLDER/certificate.pem and key.pem.
make_certificate() { # FOLDER NAME FROM UNTIL
    local folder=$LAB_DIR/$1
    mkdir -p "$folder"
    : >"$folder/index.txt"
    cat >"$folder/ca.cnf" <<CONFIGURATION
[ca]
default_ca = own
[own]
database = $folder/index.txt
new_certs_dir = $folder
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:$2
CONFIGURATION
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" -keyout "$folder/key.pem" \
        -out "$folder/request.pem"
    openssl ca -batch -selfsign -config "$folder/ca.cnf" -keyfile "$folder/key.pem" -in "$folder/request.pem" \
        -startdate "$3" -enddate "$4" -out "$folder/certificate.pem" -notext
}

# Waits until no connection of the client's is left, for `finish`: what it gave up while nothing was acknowledged goes on
# by itself, and would be seen in the next scenario.
settle() {
    in_client ss -HK state fin-wait-1 >/dev/null
    await "the client's connections end" has_settled
}

has_settled() {
    [ -z "$(in_client ss -Htn state fin-wait-1)" ]
}

# What the other side of a tunnel answers with: the lab's page at port 8080 of each ADDRESS.
start_web() { # NAMESPACE ADDRESS...
    local ns=$1 address
    for address in "${@:2}"; do
        start "$ns" "web-$address" - python3 -m http.server --bind "$address" --directory "$LAB_DIR/www" 8080
        await "the page at $address" listens_at "$ns" "$address" 8080
    done
}

listens_at() { # NAMESPACE ADDRESS PORT
    [ -n "$(in_ns "$1" ss -Hltn "src [$2] and sport = :$3")" ]
}

station() { # NAMESPACE INTERFACE: its MAC address
    in_ns "$1" cat "/sys/class/net/$2/address"
}

# An nginx of the scenario's own on the lab's server: its `http` block comes on standard input. The lab's certificate
# is $LAB_CERTIFICATE, its key $LAB_KEY, its files lie in $LAB_DIR/www.
start_nginx() { # NAME PORTS <HTTP-BLOCK
    local name=$1 folder=$LAB_DIR/$1
    mkdir -p "$folder"
    cat >"$folder/nginx.conf" <<CONFIGURATION
user root;
worker_processes 1;
daemon off;
pid $folder/pid;
error_log $LAB_DIR/log/$name-error;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
$(cat)
}
CONFIGURATION
    start "$LAB_SERVER_NS" "$name" "$2" nginx -e "$LAB_DIR/log/$name-error" -c "$folder/nginx.conf"
}

# An unbound on the lab's router, for what dnsmasq cannot do: its configuration comes on standard input, from `server:`
# on. Names that it does not answer itself it asks dnsmasq for.
start_unbound() { # <CONFIGURATION
    mkdir -p "$LAB_DIR/unbound"
    rm -f "$LAB_DIR/log/unbound"
    cat >"$LAB_DIR/unbound/unbound.conf" <<CONFIGURATION
server:
    username: ""
    chroot: ""
    directory: "$LAB_DIR/unbound"
    pidfile: "$LAB_DIR/unbound/pid"
    use-syslog: no
    do-daemonize: no
    num-threads: 1
    access-control: 10.77.0.0/16 allow
    local-zone: "test." nodefault
$(cat)
remote-control:
    control-enable: no
forward-zone:
    name: "."
    forward-addr: $LAB_RESOLVER
CONFIGURATION
    start "$LAB_ROUTER_NS" unbound - unbound -d -c "$LAB_DIR/unbound/unbound.conf"
    await "unbound" grep -qs 'start of service' "$LAB_DIR/log/unbound"
}

# From here on client and server send no frame larger than the MTU, as most wires carry them: without it the kernel's
# segmentation offload leaves a whole flight in one frame. `offload on` takes it back.
offload() { # on|off
    local segments=1 ns
    [ "$1" = off ] || segments=65535
    for ns in "$LAB_CLIENT_NS" "$LAB_SERVER_NS"; do
        ip -n "$ns" link set dev eth0 gso_max_segs "$segments"
    done
}

# An nginx with HTTP/2 over TLS 1.3 at port 8443, and a page that asks for a style sheet and a picture.
start_page() {
    local www=$LAB_DIR/page
    mkdir -p "$www"
    printf '<!doctype html><title>Lab</title><link rel=stylesheet href=style.css><img src=picture.svg>\n' >"$www/index.html"
    printf 'body { color: black }\n' >"$www/style.css"
    printf '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n' >"$www/picture.svg"
    start_nginx page 8443 <<CONFIGURATION
    types { text/html html; text/css css; image/svg+xml svg; }
    server {
        listen 8443 ssl http2;
        ssl_protocols TLSv1.3;
        ssl_certificate $LAB_CERTIFICATE;
        ssl_certificate_key $LAB_KEY;
        root $www;
        location = /favicon.ico { return 204; }
    }
CONFIGURATION
}

# One more host, as namespace wb-ID-NAME, with loopback up; `finish` and `lab.sh down` remove it and what runs in it.
add_host() { # NAME
    ip netns add "wb-$LAB_ID-$1"
    echo "$1" >>"$LAB_DIR/scenario.hosts"
    in_ns "wb-$LAB_ID-$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
        net.ipv6.conf.default.router_solicitations=0
    ip -n "wb-$LAB_ID-$1" link set lo up
}

# A switch of the scenario's own; plug connects hosts to it.
add_switch() {
    add_host switch
    ip -n "wb-$LAB_ID-switch" link add bridge type bridge
    ip -n "wb-$LAB_ID-switch" link set bridge up
}

# The host's eth1 is its end; that of client and router is the scenario's to remove.
plug() { # NAME ADDRESS/PREFIX
    local ns=wb-$LAB_ID-$1
    ip -n "wb-$LAB_ID-switch" link add "to-$1" type veth peer name eth1 netns "$ns"
    ip -n "wb-$LAB_ID-switch" link set "to-$1" master bridge up
    in_ns "$ns" sysctl -qw net.ipv6.conf.eth1.disable_ipv6=1
    ip -n "$ns" address add "$2" dev eth1
    ip -n "$ns" link set eth1 up
}

# Ends what start, start_nginx and add_host began.
remove_own() {
    local pid host
    if [ -e "$LAB_DIR/scenario.pids" ]; then
        while read -r pid; do
            # setsid made it the leader of a group of its own: its workers end with it.
            kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
        done <"$LAB_DIR/scenario.pids"
        rm "$LAB_DIR/scenario.pids"
    fi
    if [ -e "$LAB_DIR/scenario.hosts" ]; then
        while read -r host; do
            ip netns pids "wb-$LAB_ID-$host" | xargs -r kill -KILL 2>/dev/null || true
            ip netns delete "wb-$LAB_ID-$host"
            rm -rf "/etc/netns/wb-$LAB_ID-$host"
        done <"$LAB_DIR/scenario.hosts"
        rm "$LAB_DIR/scenario.hosts"
    fi
}
