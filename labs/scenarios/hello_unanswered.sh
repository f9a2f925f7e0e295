# shellcheck shell=bash
# A service that takes the ClientHello and says nothing; the client gives up after 2 s.
verdict=secure.client_hello_unanswered@secure
exits='curl 28'
recorded=no

traffic() {
    try_curl --insecure --max-time 2 "https://$LAB_SERVER:$LAB_PORT_STALL/"
}
