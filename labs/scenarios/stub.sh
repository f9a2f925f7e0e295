# shellcheck shell=bash
# The client asks a dnsmasq of its own on loopback, which asks the router's; the second time the answers are in its cache.
verdict=none
exits='curl 0 curl 0'
capture_on='client any'
# The kernel shows loopback's frames twice, leaving and arriving.
capture_filter='not (ifindex 1 and outbound)'

prepare() {
    start "$LAB_CLIENT_NS" stub udp/53 dnsmasq --keep-in-foreground --user=root --pid-file= --no-resolv --no-hosts \
        --listen-address=127.0.0.1 --bind-interfaces --server="$LAB_RESOLVER"
    printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n' >"/etc/netns/$LAB_CLIENT_NS/resolv.conf"
}

traffic() {
    try_curl "http://$LAB_NAME/"
    try_curl "http://$LAB_NAME/"
}

finish() {
    printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$LAB_RESOLVER" >"/etc/netns/$LAB_CLIENT_NS/resolv.conf"
}
