# shellcheck shell=bash
# The client's interface is taken down, and its default route goes with it.
verdict='route.interface_down@route'
exits='curl 7'
recorded=no

traffic() {
    ip -n "$LAB_CLIENT_NS" link set eth0 down
    sleep 1
    try_curl "http://$LAB_SERVER/"
}

finish() {
    ip -n "$LAB_CLIENT_NS" link set eth0 up
    ip -n "$LAB_CLIENT_NS" route replace default via "$LAB_GATEWAY"
    ip -n "$LAB_CLIENT_NS" -6 route replace default via "$LAB_GATEWAY6"
}
