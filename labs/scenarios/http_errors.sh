# shellcheck shell=bash
# 404, and 503 as the second of three requests on one connection.
verdict='exchange.http_error@exchange exchange.http_server_error@exchange'
exits='curl 0 curl 0 curl 0 curl 0'
pattern='"http_code":503'
recorded=no

prepare() {
    start_nginx errors 8087 <<NGINX
server {
    listen 8087;
    location = /fails { return 503; }
    location / { return 200 good; }
}
NGINX
}

traffic() {
    try_curl "http://$LAB_NAME_IPV4/missing"
    try_curl "http://$LAB_NAME_IPV4:8087/{one,fails,two}"
}
