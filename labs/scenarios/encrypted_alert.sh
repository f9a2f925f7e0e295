# shellcheck shell=bash
# A browser that does not trust the server's certificate, in TLS 1.3: it says so in an alert that is encrypted, as is the
# certificate.
verdict='secure.encrypted_alert@secure'
needs=(chromium:chromium)
exits='chromium 0'
recorded=no

prepare() {
    make_certificate stranger "$LAB_NAME_IPV4" 20200101000000Z "$(($(date -u +%Y) + 2))0101000000Z"
    start "$LAB_SERVER_NS" s_server 4433 openssl s_server -accept 4433 -tls1_3 -www \
        -cert "$LAB_DIR/stranger/certificate.pem" -key "$LAB_DIR/stranger/key.pem"
}

traffic() {
    try_chromium "https://$LAB_SERVER:4433/"
}
