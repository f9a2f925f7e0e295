# shellcheck shell=bash
# What happens between a request and its answer: 100 Continue, a change to WebSocket, chunks with a trailer, and a body
# that ends too early.
exits='curl 0 curl 0 curl 0 curl 18'
pattern='"http_code":101'

prepare() {
    start "$LAB_SERVER_NS" http_peer 8082 python3 "$here/http_peer.py" 8082
}

traffic() {
    local url="http://$LAB_NAME_IPV4:8082"
    try_curl --header "Expect: 100-continue" --data "$(printf '%0600d' 0)" "$url/form?secret=1"
    try_curl --header "Connection: Upgrade" --header "Upgrade: websocket" --header "Sec-WebSocket-Version: 13" \
        --header "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" "$url/socket"
    try_curl "$url/chunks"
    try_curl "$url/short"
}
