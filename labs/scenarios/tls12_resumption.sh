# shellcheck shell=bash
# TLS 1.2 by openssl: a full handshake, one resumed by ticket, and the same by session ID.
verdict=none
exits='sh 0 sh 0 sh 0 sh 0'

ask() { # PORT S_CLIENT-ARGUMENT...
    try sh -c "printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -tls1_2 -servername $LAB_NAME_IPV4 \
        -alpn http/1.1 -ign_eof -connect $LAB_SERVER:$1 ${*:2}"
}

prepare() {
    local common=(-cert "$LAB_CERTIFICATE" -key "$LAB_KEY" -www -alpn http/1.1)
    start "$LAB_SERVER_NS" s_server_ticket 4433 openssl s_server -accept 4433 "${common[@]}"
    start "$LAB_SERVER_NS" s_server_id 4434 openssl s_server -accept 4434 -no_ticket "${common[@]}"
}

traffic() {
    ask 4433 -sess_out "$LAB_DIR/session"
    ask 4433 -sess_in "$LAB_DIR/session"
    ask 4434 -sess_out "$LAB_DIR/session"
    ask 4434 -sess_in "$LAB_DIR/session"
}
