# shellcheck shell=bash
# Client and server have no application protocol in common: the server closes in the handshake.
needs=(python:aioquic)
exits='quic_peer.py 1'

prepare() {
    start_quic_peer 1
}

traffic() {
    try_quic_peer elsewhere 1
}
