# shellcheck shell=bash
# An ARP request a second for an address nobody has; the SYN never leaves.
verdict='neighbour.unanswered@neighbour'
exits='curl 7'
pattern='"time_connect":0.000000'

traffic() {
    try_curl "http://$LAB_ABSENT_NEIGHBOUR/"
}
