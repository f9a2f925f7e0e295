# shellcheck shell=bash
# Routes of the client's own forbid the way, and nothing is sent: connect(2) fails with EACCES (prohibit), EHOSTUNREACH
# (unreachable) and EINVAL (blackhole).
verdict='route.prohibited@route route.unreachable@route route.blackhole@route'
exits='curl 7 curl 7 curl 7'
recorded=no

prepare() {
    ip -n "$LAB_CLIENT_NS" route add prohibit 203.0.113.0/24
    ip -n "$LAB_CLIENT_NS" route add unreachable 198.51.100.0/25
    ip -n "$LAB_CLIENT_NS" route add blackhole 198.51.100.128/25
}

traffic() {
    try_curl http://203.0.113.9/
    try_curl http://198.51.100.9/
    try_curl http://198.51.100.129/
}

finish() {
    ip -n "$LAB_CLIENT_NS" route del prohibit 203.0.113.0/24
    ip -n "$LAB_CLIENT_NS" route del unreachable 198.51.100.0/25
    ip -n "$LAB_CLIENT_NS" route del blackhole 198.51.100.128/25
}
