# shellcheck shell=bash
# A connection on which nothing is sent for 3.5 s but keep-alives, one a second, and their answers.
verdict=none
exits='odd_client 0'
pattern='"size_upload": 0'

traffic() {
    try_odd_client idle "$LAB_SERVER" 80
}
