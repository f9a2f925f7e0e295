# shellcheck shell=bash
# A client gets an address from dnsmasq, with gateway, resolvers, domain, search list and a route.
# It only asks: its script changes nothing, and its interface keeps the address that it has.
needs=(busybox:busybox)
exits='busybox 0'

prepare() {
    start "$LAB_ROUTER_NS" dhcp udp/67 dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --port=0 \
        --interface=lan0 --bind-interfaces --dhcp-authoritative --dhcp-leasefile="$LAB_DIR/dhcp.leases" \
        --dhcp-range=10.77.1.100,10.77.1.110,255.255.255.0,1h --dhcp-option=3,"$LAB_GATEWAY" \
        --dhcp-option=6,"$LAB_RESOLVER,10.77.2.2" --dhcp-option=15,lab.waybill.test \
        --dhcp-option=119,lab.waybill.test,waybill.test --dhcp-option=121,10.99.0.0/16,"$LAB_GATEWAY" \
        --dhcp-option=26,1400 --dhcp-option=42,"$LAB_GATEWAY" --no-ping
}

traffic() {
    try busybox udhcpc -f -q -n -i eth0 -s /bin/true -x hostname:printer -O search -O staticroutes -O mtu -O ntpsrv
}
