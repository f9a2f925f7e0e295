# shellcheck shell=bash
# HTTP/2 in clear text, with prior knowledge.
verdict=none
exits='curl 0'
pattern='"http_version":"2"'

prepare() {
    start_nginx clear 8083 <<NGINX
server {
    listen 8083 http2;
    root $LAB_DIR/www;
}
NGINX
}

traffic() {
    try_curl --http2-prior-knowledge "http://$LAB_NAME_IPV4:8083/"
}
