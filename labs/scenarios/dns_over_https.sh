# shellcheck shell=bash
# Lookups by DNS over HTTPS, with kdig from unbound: under the name of a public resolver, at the address of one, and
# under a name of the lab's own, which looks like any other request.
needs=(kdig:knot-dnsutils unbound:unbound)
exits='kdig 0 kdig 0 kdig 0'
public_address=9.9.9.9

prepare() {
    ip -n "$LAB_ROUTER_NS" address add "$public_address/32" dev lo
    start_unbound <<CONFIGURATION
    interface: $LAB_GATEWAY@443
    interface: $public_address@443
    https-port: 443
    tls-service-key: "$LAB_KEY"
    tls-service-pem: "$LAB_CERTIFICATE"
    module-config: "iterator"
CONFIGURATION
}

traffic() {
    try kdig +https +tls-sni=dns.quad9.net "@$LAB_GATEWAY" "$LAB_NAME_IPV4" A
    try kdig +https "@$public_address" "$LAB_NAME_IPV4" A
    try kdig +https +tls-sni=resolver.lab.waybill.test "@$LAB_GATEWAY" "$LAB_NAME_IPV4" A
}

finish() {
    ip -n "$LAB_ROUTER_NS" address del "$public_address/32" dev lo
}
