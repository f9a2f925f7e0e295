# shellcheck shell=bash
# The SYN and its retransmissions after 1 s and 3 s, never answered; cut at 3.5 s.
verdict='connect.no_answer@connect'
exits='curl 28'
pattern='"time_connect":0.000000'

traffic() {
    # Long enough for the SYN at 0 s and its retransmissions at 1 s and 3 s.
    try_curl --connect-timeout 3.5 "http://$LAB_SERVER:$LAB_PORT_BLACKHOLE/"
}
