# shellcheck shell=bash
# A client with a small buffer reads nothing for 2 s: the window is filled, closes, is probed, and opens again.
verdict=exchange.zero_window@exchange
exits='odd_client 0'
pattern='"size_download": [1-9]'
snap_length=128

traffic() {
    try_odd_client slow_read "$LAB_SERVER" 80
}
