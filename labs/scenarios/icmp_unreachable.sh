# shellcheck shell=bash
# Three requests: administratively prohibited (code 10), host unreachable (1), network unreachable (0).
verdict='connect.filtered@connect connect.host_unreachable@connect connect.net_unreachable@connect'
exits='curl 7 curl 7 curl 7'
pattern='"time_connect":0.000000'

traffic() {
    # Three codes: administratively prohibited, host unreachable, network unreachable.
    try_curl "http://$LAB_SERVER:$LAB_PORT_PROHIBITED/"
    try_curl "http://$LAB_SERVER:$LAB_PORT_UNREACHABLE/"
    try_curl "http://$LAB_NO_ROUTE/"
}
