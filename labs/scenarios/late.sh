# shellcheck shell=bash
# The response's first byte comes 300 ms after the request.
verdict=none
exits='curl 0'
pattern='"time_starttransfer":0.3'

traffic() {
    try_curl "http://$LAB_SERVER:$LAB_PORT_LATE/"
}
