# shellcheck shell=bash
# TLS 1.3 by openssl: a full handshake, one resumed with early data, and one after a HelloRetryRequest.
verdict=none
exits='sh 0 sh 0 sh 0'

ask() { # PORT S_CLIENT-ARGUMENT...
    # Until the tickets have come, which follow the handshake.
    try sh -c "sleep 1 | openssl s_client -tls1_3 -servername $LAB_NAME_IPV4 -connect $LAB_SERVER:$1 ${*:2}"
}

prepare() {
    # Without -www, which goes with no early data, it ends with its standard input.
    local -a certificate=(-cert "$LAB_CERTIFICATE" -key "$LAB_KEY")
    start "$LAB_SERVER_NS" s_server 4433 sh -c "sleep 60 | openssl s_server -accept 4433 -early_data ${certificate[*]}"
    start "$LAB_SERVER_NS" s_server_retry 4434 openssl s_server -accept 4434 -groups P-384 "${certificate[@]}" -www
    printf 'GET /early HTTP/1.0\r\n\r\n' >"$LAB_DIR/early"
}

traffic() {
    ask 4433 -sess_out "$LAB_DIR/session"
    ask 4433 -sess_in "$LAB_DIR/session" -early_data "$LAB_DIR/early"
    ask 4434 -groups X25519:P-384
}
