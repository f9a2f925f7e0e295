# shellcheck shell=bash
# 20,000 bytes promised, 2,000 sent, then FIN.
verdict=exchange.incomplete@exchange
exits='curl 18'
recorded=no

traffic() {
    try_curl "http://$LAB_SERVER:$LAB_PORT_SHORT/"
}
