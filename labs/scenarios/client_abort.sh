# shellcheck shell=bash
# The client closes after 0.6 s, 20 kB into a response of 100 MB.
verdict=exchange.aborted@exchange
exits='curl 28'
pattern='"http_code":200'

traffic() {
    try_curl --max-time 0.6 "http://$LAB_NAME_IPV4/slow"
}
