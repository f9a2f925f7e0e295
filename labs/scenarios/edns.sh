# shellcheck shell=bash
# What a question can say by EDNS: DNSSEC wanted, the server's identifier, a cookie, a client subnet, padding.
verdict=none
exits='dig 0'
pattern='"status": "NOERROR"'

traffic() {
    try_dig "$LAB_NAME" A +dnssec +nsid +cookie=0123456789abcdef +subnet=192.0.2.0/24 +padding=128
}
