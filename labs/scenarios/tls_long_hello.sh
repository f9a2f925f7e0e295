# shellcheck shell=bash
# A ClientHello of three segments, as keys for hybrid groups and long lists make it; then one whose connection the
# client resets at once.
exits='openssl 0 odd_client 0'

prepare() {
    offload off
    start "$LAB_SERVER_NS" s_server 4433 openssl s_server -accept 4433 -cert "$LAB_CERTIFICATE" -key "$LAB_KEY" -www
}

traffic() {
    local -a names
    mapfile -t names < <(for number in {1..60}; do printf 'protocol-number-%02d-of-this-offer-is-long\n' "$number"; done)
    try openssl s_client -connect "$LAB_SERVER:4433" -servername "$LAB_NAME_IPV4" \
        -alpn "$(IFS=, && echo "h2,${names[*]}")"
    try_odd_client hello_and_reset "$LAB_SERVER" 4433
}

finish() {
    offload on
}
