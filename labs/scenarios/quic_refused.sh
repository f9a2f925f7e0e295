# shellcheck shell=bash
# Client and server have no group for the key exchange in common: the server closes in the handshake.
verdict=secure.handshake_failure@secure
needs=(gtlsclient:ngtcp2-client gtlsserver:ngtcp2-server)
recorded=no

prepare() {
    start_quic_server --groups=-GROUP-ALL:+GROUP-SECP384R1
}

traffic() {
    try_quic --timeout=2s --groups=-GROUP-ALL:+GROUP-X25519 "https://$LAB_NAME_IPV4/"
}
