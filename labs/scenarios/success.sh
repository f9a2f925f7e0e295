# shellcheck shell=bash
# A and AAAA asked for, the AAAA has no data, `GET /` over IPv4, 60 bytes, the client closes first.
verdict=none
exits='curl 0'
pattern='"http_code":200.*"remote_ip":"10.77.2.2".*"size_download":60,'

traffic() {
    # The name has an A record and no AAAA: both are asked for, IPv4 and the router's NAT are used.
    try_curl "http://$LAB_NAME_IPV4/"
}
