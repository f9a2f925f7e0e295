# shellcheck shell=bash
# The server has the client prove its address first: its answer to the first packet is a Retry.
needs=(gtlsclient:ngtcp2-client gtlsserver:ngtcp2-server)
exits='gtlsclient 0'

prepare() {
    start_quic_server --validate-addr
}

traffic() {
    try_quic "https://$LAB_NAME_IPV4/"
}
