# shellcheck shell=bash
# Handshakes that end in an alert: protocol_version, handshake_failure, unrecognized_name and no_application_protocol
# from the server; unknown_ca from the client in TLS 1.2, and in TLS 1.3, where OpenSSL sends it in the clear too: it takes
# its keys into use with its Finished. encrypted_alert.sh has a client that does so with the ServerHello.
verdict='secure.protocol_version@secure secure.handshake_failure@secure secure.unrecognized_name@secure secure.no_application_protocol@secure secure.unknown_ca@secure'
exits='openssl 1 openssl 1 openssl 1 openssl 1 openssl 1 openssl 1'

ask() { # PORT S_CLIENT-ARGUMENT...
    try openssl s_client -servername "$LAB_NAME_IPV4" -connect "$LAB_SERVER:$1" "${@:2}"
}

prepare() {
    local common=(-cert "$LAB_CERTIFICATE" -key "$LAB_KEY" -www)
    start "$LAB_SERVER_NS" s_server_12 4433 openssl s_server -accept 4433 -tls1_2 \
        -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -alpn h2 "${common[@]}"
    start "$LAB_SERVER_NS" s_server_name 4434 openssl s_server -accept 4434 -servername other.example -servername_fatal \
        -cert2 "$LAB_CERTIFICATE" -key2 "$LAB_KEY" "${common[@]}"
}

traffic() {
    ask 4433 -tls1_3
    ask 4433 -tls1_2 -cipher AES256-SHA
    ask 4434
    ask 4433 -tls1_2 -alpn imap
    ask 4433 -tls1_2 -verify_return_error
    try openssl s_client -connect "$LAB_SERVER:4434" -noservername -tls1_3 -verify_return_error
}
