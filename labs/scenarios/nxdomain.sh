# shellcheck shell=bash
# The name does not exist: asked once by dig, with EDNS, and as A and AAAA by curl.
verdict='name.nxdomain@name'
exits='dig 0 curl 6'
pattern='"status": "NXDOMAIN"'

traffic() {
    try_dig "$LAB_NAME_NXDOMAIN" A
    try_curl "http://$LAB_NAME_NXDOMAIN/"
}
