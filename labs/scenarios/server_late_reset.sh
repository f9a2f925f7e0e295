# shellcheck shell=bash
# The server answers, and resets the connection 1.2 s later.
verdict=close.reset_by_server@close
exits='odd_client 0'
pattern='"size_download": 8'
recorded=no

traffic() {
    try_odd_client read_on "$LAB_SERVER" "$LAB_PORT_LATE_RESET"
}
