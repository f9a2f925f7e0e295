# shellcheck shell=bash
# The client has lost its default route: connect(2) fails with ENETUNREACH, and nothing is sent.
verdict='route.no_route@route'
exits='curl 7'
recorded=no

prepare() {
    ip -n "$LAB_CLIENT_NS" route del default
}

traffic() {
    try_curl "http://$LAB_SERVER/"
}

finish() {
    ip -n "$LAB_CLIENT_NS" route replace default via "$LAB_GATEWAY"
}
