# shellcheck shell=bash
# A service listens at 127.0.0.1 only, and another host asks for it.
verdict='connect.loopback_only@connect'
watched_at=server
exits='curl 7'
recorded=no

prepare() {
    start "$LAB_SERVER_NS" local_page 8090 python3 -m http.server --bind 127.0.0.1 --directory "$LAB_DIR/www" 8090
}

traffic() {
    try_curl "http://$LAB_SERVER:8090/"
}
