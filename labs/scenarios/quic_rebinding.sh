# shellcheck shell=bash
# A NAT before the client gives it another port in the middle of the connection: the client goes on from a new socket with
# the same connection ids, and asks for its page after that.
needs=(gtlsclient:ngtcp2-client gtlsserver:ngtcp2-server)
exits='gtlsclient 0'

prepare() {
    start_quic_server
}

traffic() {
    try_quic --change-local-addr=100ms --nat-rebinding --delay-stream=300ms "https://$LAB_NAME_IPV4/"
}
