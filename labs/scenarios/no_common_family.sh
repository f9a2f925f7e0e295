# shellcheck shell=bash
# The name has an IPv6 address only, and the client no route for IPv6.
verdict='route.no_common_family@route'
exits='curl 7'
recorded=no

prepare() {
    ip -n "$LAB_CLIENT_NS" -6 route del default
}

traffic() {
    try_curl "http://$LAB_NAME_IPV6/"
}

finish() {
    ip -n "$LAB_CLIENT_NS" -6 route replace default via "$LAB_GATEWAY6"
}
