# shellcheck shell=bash
# 100 MB over one connection; not recorded, the file would be too large.
verdict=none
exits='curl 0'
pattern='"size_download":100000000,'
recorded=no

traffic() {
    try_curl "http://$LAB_NAME_IPV4/100MB"
}
