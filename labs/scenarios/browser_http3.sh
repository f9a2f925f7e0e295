# shellcheck shell=bash
# Chromium, with no window, opens a page over HTTP/3: its ClientHello fills two Initial packets, CRYPTO frames out of
# order and PING and PADDING between them.
needs=(chromium:chromium gtlsserver:ngtcp2-server)
largest=100000
exits='chromium 0'

prepare() {
    mkdir -p "$LAB_DIR/http3"
    printf '<!doctype html><title>Lab</title>\n' >"$LAB_DIR/http3/index.html"
    start "$LAB_SERVER_NS" gtlsserver udp/443 gtlsserver --quiet --htdocs="$LAB_DIR/http3" "$LAB_SERVER" 443 \
        "$LAB_KEY" "$LAB_CERTIFICATE"
}

traffic() {
    try_chromium --origin-to-force-quic-on="$LAB_NAME_IPV4:443" "https://$LAB_NAME_IPV4/"
}
