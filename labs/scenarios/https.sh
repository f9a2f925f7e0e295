# shellcheck shell=bash
# The same over TLS 1.2.
verdict=none
exits='curl 0'
pattern='"scheme":"HTTPS".*"ssl_verify_result":0'

traffic() {
    try_curl --cacert "$LAB_CERTIFICATE" "https://$LAB_NAME_IPV4/"
}
