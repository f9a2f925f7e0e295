# shellcheck shell=bash
# A network that answers a system's check of its connection with a redirect, and a request with status 511.
verdict=exchange.captive_portal@exchange
exits='curl 0 curl 0'
pattern='"http_code":511'
recorded=no

prepare() {
    start_nginx portal 8087 <<NGINX
server {
    listen 8087;
    location = /success.txt { return 302 http://login.lab.waybill.test/; }
    location / { return 511; }
}
NGINX
}

traffic() {
    try_curl --header "Host: detectportal.firefox.com" "http://$LAB_SERVER:8087/success.txt"
    try_curl "http://$LAB_SERVER:8087/"
}
