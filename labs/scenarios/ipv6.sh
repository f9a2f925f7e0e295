# shellcheck shell=bash
# A and AAAA answered, IPv6 used; NDP of the gateway.
verdict=none
exits='curl 0'
pattern='"remote_ip":"fd77:2::2"'

traffic() {
    try_curl "http://$LAB_NAME/"
}
