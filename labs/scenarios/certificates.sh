# shellcheck shell=bash
# Clients that do not go on for the server's certificate, in TLS 1.2, where it can be seen: it has expired, is valid only
# from next year on, is for another name. A client that is told not to look goes on.
verdict='secure.certificate_expired@secure secure.certificate_not_yet_valid@secure secure.certificate_of_other_name@secure secure.untrusted_certificate@secure'
exits='curl 60 curl 60 curl 60 curl 0'
recorded=no

prepare() {
    local year
    year=$(date -u +%Y)
    make_certificate expired "$LAB_NAME_IPV4" 20200101000000Z 20200201000000Z
    make_certificate too_early "$LAB_NAME_IPV4" "$((year + 1))0101000000Z" "$((year + 2))0101000000Z"
    make_certificate other other.example 20200101000000Z "$((year + 2))0101000000Z"
    local port=4441 folder
    for folder in expired too_early other; do
        start "$LAB_SERVER_NS" "s_server_$folder" "$port" openssl s_server -accept "$port" -tls1_2 \
            -cert "$LAB_DIR/$folder/certificate.pem" -key "$LAB_DIR/$folder/key.pem" -www
        port=$((port + 1))
    done
}

traffic() {
    try_curl --cacert "$LAB_DIR/expired/certificate.pem" "https://$LAB_NAME_IPV4:4441/"
    try_curl --cacert "$LAB_DIR/too_early/certificate.pem" "https://$LAB_NAME_IPV4:4442/"
    try_curl --cacert "$LAB_DIR/other/certificate.pem" "https://$LAB_NAME_IPV4:4443/"
    try_curl --insecure "https://$LAB_NAME_IPV4:4441/"
}
