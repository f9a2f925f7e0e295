# shellcheck shell=bash
# The client begins with QUIC version 1 and offers version 2, which the server takes (RFC 9368).
needs=(python:aioquic)
exits='quic_peer.py 0'

prepare() {
    start_quic_peer 6b3343cf 1
}

traffic() {
    try_quic_peer lab 6b3343cf 1
}
