# shellcheck shell=bash
# Names asked of everybody at once, and nobody has them: multicast DNS and LLMNR by dig, NetBIOS by nmblookup.
needs=(nmblookup:samba-common-bin)
exits='dig 9 dig 9 nmblookup 1'

traffic() {
    try_dig @224.0.0.251 -p 5353 printer.local A
    try_dig @224.0.0.252 -p 5355 fileserver A
    try nmblookup --broadcast=10.77.1.255 --configfile=/dev/null FILESERVER
}
