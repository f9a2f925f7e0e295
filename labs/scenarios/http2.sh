# shellcheck shell=bash
# curl over TLS 1.3 with ALPN: HTTP/2 is offered and taken, two requests on one connection, then HTTP/1.1 alone.
verdict=none
exits='curl 0 curl 0 curl 0'
pattern='"http_version":"2"'

prepare() {
    offload off
    start_page
}

traffic() {
    try_curl --http2 --cacert "$LAB_CERTIFICATE" "https://$LAB_NAME_IPV4:8443/{index.html,style.css}"
    try_curl --http1.1 --cacert "$LAB_CERTIFICATE" "https://$LAB_NAME_IPV4:8443/"
}

finish() {
    offload on
}
