# shellcheck shell=bash
# 20,000 bytes promised, 2,000 sent and acknowledged, then RST.
verdict=exchange.reset@exchange
exits='curl 56'
pattern='"size_download":2000,'

traffic() {
    try_curl "http://$LAB_SERVER:$LAB_PORT_RESET/"
}
