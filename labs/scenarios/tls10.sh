# shellcheck shell=bash
# TLS 1.0 and 1.1, with an elliptic curve and without.
exits='openssl 0 openssl 0'

prepare() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=old.example.org -keyout "$LAB_DIR/rsa-key.pem" \
        -out "$LAB_DIR/rsa.pem"
    start "$LAB_SERVER_NS" s_server 4433 openssl s_server -accept 4433 -cipher ALL:@SECLEVEL=0 -cert "$LAB_DIR/rsa.pem" \
        -key "$LAB_DIR/rsa-key.pem" -www
}

traffic() {
    try openssl s_client -connect "$LAB_SERVER:4433" -tls1 -cipher ECDHE-RSA-AES128-SHA:@SECLEVEL=0
    try openssl s_client -connect "$LAB_SERVER:4433" -tls1_1 -cipher AES128-SHA:@SECLEVEL=0
}
