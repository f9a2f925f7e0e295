# shellcheck shell=bash
# wget in clear text: HTTP/1.1 with keep-alive, two files on one connection, the second is missing: 404.
exits='wget 8'

traffic() {
    try wget --quiet --tries=1 --timeout=5 --output-document=/dev/null "http://$LAB_NAME_IPV4/" "http://$LAB_NAME_IPV4/missing"
}
