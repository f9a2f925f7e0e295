# shellcheck shell=bash
# No host has the address beyond the router, which says so with one ICMP error for each SYN that waited.
verdict='connect.host_unreachable@connect'
exits='curl 7'
pattern='"time_connect":0.000000'

traffic() {
    # The router itself finds nobody at the address, and says so after its own three ARP requests.
    try_curl "http://$LAB_ABSENT_SERVER/"
}
