# shellcheck shell=bash
# Through a proxy: a request in absolute form, and CONNECT with TLS inside.
needs=(tinyproxy:tinyproxy-bin)
exits='curl 0 curl 0'
pattern='"scheme":"HTTPS"'

prepare() {
    printf 'Port 8888\nListen %s\nTimeout 30\nConnectPort 443\n' "$LAB_SERVER" >"$LAB_DIR/tinyproxy.conf"
    start "$LAB_SERVER_NS" tinyproxy 8888 tinyproxy -d -c "$LAB_DIR/tinyproxy.conf"
}

traffic() {
    try_curl --proxy "http://$LAB_SERVER:8888" "http://$LAB_SERVER/"
    try_curl --proxy "http://$LAB_SERVER:8888" --insecure "https://$LAB_SERVER/"
}
