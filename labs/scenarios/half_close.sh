# shellcheck shell=bash
# The client closes its side, the server answers 100 ms later, then closes.
verdict=none
exits='odd_client 0'
pattern='"size_download": 18'

traffic() {
    try_odd_client half_close "$LAB_SERVER" "$LAB_PORT_HALF_CLOSE"
}
