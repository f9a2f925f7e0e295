# shellcheck shell=bash
# Echoes of 4000 bytes over IPv4 and IPv6: each request and each reply comes in three fragments.
verdict=none
exits='ping 0 ping 0'
pattern='"sent": 2, "received": 2'

traffic() {
    try_ping -c 2 -i 0.2 -s 4000 "$LAB_SERVER"
    try_ping -c 2 -i 0.2 -s 4000 "$LAB_SERVER6"
}
