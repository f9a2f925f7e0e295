# shellcheck shell=bash
# wget over TLS: GnuTLS's ClientHello, where the other captures have OpenSSL's and Chromium's.
verdict=none
exits='wget 0'

traffic() {
    try wget --quiet --tries=1 --timeout=5 --ca-certificate="$LAB_CERTIFICATE" --output-document=/dev/null \
        "https://$LAB_NAME_IPV4/"
}
