# shellcheck shell=bash
# The request is acknowledged and never answered; the client gives up after 1 s.
verdict=exchange.client_gave_up@exchange
exits='curl 28'
pattern='"http_code":0.*"num_connects":1'

traffic() {
    try_curl --max-time 1 "http://$LAB_SERVER:$LAB_PORT_STALL/"
}
