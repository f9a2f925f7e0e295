# shellcheck shell=bash
# The router answers the SYN with RST in the server's name.
verdict='connect.refused@connect'
exits='curl 7'
pattern='"time_connect":0.000000'

traffic() {
    try_curl "http://$LAB_SERVER:$LAB_PORT_REJECTED/"
}
