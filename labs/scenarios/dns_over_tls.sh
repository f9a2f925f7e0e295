# shellcheck shell=bash
# A lookup by DNS over TLS: kdig, and on the router nginx in front of the lab's name server.
needs=(kdig:knot-dnsutils /usr/lib/nginx/modules/ngx_stream_module.so:libnginx-mod-stream)
exits='kdig 0'

prepare() {
    mkdir -p "$LAB_DIR/dot"
    cat >"$LAB_DIR/dot/nginx.conf" <<CONFIGURATION
load_module modules/ngx_stream_module.so;
user root;
daemon off;
pid $LAB_DIR/dot/pid;
error_log $LAB_DIR/log/dot-error;
events { worker_connections 64; }
stream {
    server {
        listen 853 ssl;
        ssl_alpn dot;
        ssl_certificate $LAB_CERTIFICATE;
        ssl_certificate_key $LAB_KEY;
        proxy_pass $LAB_RESOLVER:53;
    }
}
CONFIGURATION
    start "$LAB_ROUTER_NS" dot 853 nginx -e "$LAB_DIR/log/dot-error" -c "$LAB_DIR/dot/nginx.conf"
}

traffic() {
    try kdig +tls "@$LAB_GATEWAY" "$LAB_NAME_IPV4" A
}
