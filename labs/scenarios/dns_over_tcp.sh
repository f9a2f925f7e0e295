# shellcheck shell=bash
# Three questions on one TCP connection.
verdict=none
exits='dig 0'
pattern='"transport": "\(TCP\)"'

traffic() {
    try_dig +tcp +keepopen "$LAB_NAME_IPV4" A "$LAB_NAME_IPV6" AAAA "missing.lab.waybill.test" A
}
