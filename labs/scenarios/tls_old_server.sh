# shellcheck shell=bash
# A server that speaks TLS 1.0 and no more, and a client that wants at least TLS 1.2.
verdict=secure.protocol_version@secure
exits='curl 35'
recorded=no

prepare() {
    start "$LAB_SERVER_NS" s_server 4433 openssl s_server -accept 4433 -tls1 -cipher ALL:@SECLEVEL=0 \
        -cert "$LAB_CERTIFICATE" -key "$LAB_KEY" -www
}

traffic() {
    try_curl --tlsv1.2 --insecure "https://$LAB_NAME_IPV4:4433/"
}
