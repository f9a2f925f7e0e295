# shellcheck shell=bash
# Three requests on one connection.
verdict=none
exits='curl 0 curl 0 curl 0'
pattern='"num_connects":0'

traffic() {
    try_curl "http://$LAB_NAME_IPV4/?n=[1-3]"
}
