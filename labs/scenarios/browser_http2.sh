# shellcheck shell=bash
# Chromium, with no window, opens a page that asks for two more, over HTTP/2 and TLS 1.3: HTTPS, A and AAAA asked for,
# a ClientHello of two segments with GREASE, an ML-KEM key share and an ECH that is GREASE as well.
needs=(chromium:chromium)
exits='chromium 0'

prepare() {
    offload off
    start_page
}

traffic() {
    try_chromium "https://$LAB_NAME_IPV4:8443/"
}

finish() {
    offload on
}
