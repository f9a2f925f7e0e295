# shellcheck shell=bash
# How HTTP/1.1 says where a body ends, from nginx: none after HEAD and 304, chunks, a length; and two requests of which
# the second is sent before the first is answered.
verdict=none
exits='curl 0 curl 0 curl 0 curl 0 bash 0'
pattern='"http_code":304'

prepare() {
    mkdir -p "$LAB_DIR/bodies"
    seq 1 2000 >"$LAB_DIR/bodies/numbers.txt"
    start_nginx bodies 8081 <<NGINX
server {
    listen 8081;
    root $LAB_DIR/bodies;
    if_modified_since before;
    gzip on;
    gzip_types text/plain;
}
NGINX
}

traffic() {
    local url="http://$LAB_NAME_IPV4:8081/numbers.txt"
    try_curl --head "$url"
    try_curl --header "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT" "$url"
    try_curl --compressed "$url" --next --no-progress-meter --write-out '%{json}\n' --output /dev/null "$url"
    # shellcheck disable=SC2016 # for the inner shell
    try bash -c 'exec 3<>"/dev/tcp/$0/8081"
        printf "GET /numbers.txt HTTP/1.1\r\nHost: $1\r\n\r\nGET /missing HTTP/1.1\r\nHost: $1\r\nConnection: close\r\n\r\n" >&3
        cat <&3' "$LAB_SERVER" "$LAB_NAME_IPV4"
}
