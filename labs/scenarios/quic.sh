# shellcheck shell=bash
# HTTP/3 over QUIC version 1: one page of 400 bytes.
needs=(gtlsclient:ngtcp2-client gtlsserver:ngtcp2-server)
exits='gtlsclient 0'

prepare() {
    start_quic_server
}

traffic() {
    try_quic "https://$LAB_NAME_IPV4/"
}
