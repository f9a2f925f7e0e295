# shellcheck shell=bash
# A route of the client's own forbids the way: connect(2) fails with EACCES, and nothing is sent.
verdict='route.prohibited@route'
exits='curl 7'
recorded=no

prepare() {
    ip -n "$LAB_CLIENT_NS" route add prohibit 203.0.113.0/24
}

traffic() {
    try_curl http://203.0.113.9/
}

finish() {
    ip -n "$LAB_CLIENT_NS" route del prohibit 203.0.113.0/24
}
