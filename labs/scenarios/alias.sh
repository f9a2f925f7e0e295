# shellcheck shell=bash
# Two CNAMEs before the address: alias → edge → www.
verdict=none
exits='curl 0'
pattern='"http_code":200'

traffic() {
    try_curl "http://$LAB_NAME_ALIAS/"
}
