# shellcheck shell=bash
# Nothing listens: the server answers the SYN with RST.
verdict='connect.refused@connect'
exits='curl 7'
pattern='"time_connect":0.000000'

traffic() {
    try_curl "http://$LAB_SERVER:$LAB_PORT_REFUSED/"
}
