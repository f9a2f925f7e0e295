# shellcheck shell=bash
# The client begins with a version that nobody speaks, and goes on with one that the server's Version Negotiation packet
# offers.
needs=(python:aioquic)
exits='quic_peer.py 0'

prepare() {
    start_quic_peer 6b3343cf 1
}

traffic() {
    try_quic_peer lab 1 1a2a3a4a
}
