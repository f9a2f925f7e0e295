# shellcheck shell=bash
# 20 kB: frames of up to 7,240 bytes of payload, larger than the MTU (segmentation offload).
verdict=none
exits='curl 0'
pattern='"size_download":20000,'

traffic() {
    # 20 kB leave the server as one frame larger than the MTU: offload, as on real hosts.
    try_curl "http://$LAB_NAME_IPV4/20kB"
}
