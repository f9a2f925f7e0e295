# shellcheck shell=bash
# Three echo requests and replies.
verdict=none
exits='ping 0'
pattern='"sent": 3, "received": 3'

traffic() {
    try_ping -c 3 -i 0.2 "$LAB_SERVER"
}
