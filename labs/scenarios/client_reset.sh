# shellcheck shell=bash
# The client reads 100 bytes of a response and resets the connection.
verdict=close.reset_by_client@close
exits='odd_client 0'
pattern='"size_download": 100'

traffic() {
    try_odd_client reset "$LAB_SERVER" 80
}
