# shellcheck shell=bash
# Handshakes that end early: an alert of the client's (bad_certificate: it expects another name than it asks for), a server
# that wants a certificate of the client and gets none (TLS 1.2), one that speaks HTTP where TLS is expected, a client that
# leaves after the ServerHello, and one that leaves right after its ClientHello.
verdict='secure.bad_certificate@secure secure.certificate_required@secure secure.no_server_hello@secure secure.closed_in_handshake@secure secure.aborted@secure'
exits='openssl 1 openssl 1 curl 35 odd_client 0 odd_client 0'
recorded=no

prepare() {
    local common=(-tls1_2 -cert "$LAB_CERTIFICATE" -key "$LAB_KEY" -www)
    start "$LAB_SERVER_NS" s_server 4433 openssl s_server -accept 4433 "${common[@]}"
    start "$LAB_SERVER_NS" s_server_asks 4434 openssl s_server -accept 4434 -Verify 1 -verify_return_error "${common[@]}"
}

traffic() {
    try openssl s_client -connect "$LAB_SERVER:4433" -servername "$LAB_NAME_IPV4" -CAfile "$LAB_CERTIFICATE" \
        -verify_return_error -verify_hostname other.example
    try openssl s_client -connect "$LAB_SERVER:4434" -servername "$LAB_NAME_IPV4"
    try_curl --insecure "https://$LAB_SERVER:80/"
    try_odd_client hello_and_close "$LAB_SERVER" 4433
    try_odd_client hello_and_reset "$LAB_SERVER" "$LAB_PORT_STALL"
}
