# shellcheck shell=bash
# The C library's resolver: `getent hosts` asks for AAAA and then for A, `getent ahosts` for both at once; a name that
# the search list completes, and a reverse lookup.
verdict='name.nxdomain@name name.search_detour@name name.no_data@name'
exits='getent 0 getent 0 env 0 getent 0 getent 2'

traffic() {
    try getent hosts "$LAB_NAME_IPV4"
    try getent ahosts "$LAB_NAME"
    try env LOCALDOMAIN="sub.lab.waybill.test lab.waybill.test" getent ahosts www
    try getent hosts "$LAB_SERVER"
    try getent ahosts "$LAB_NAME_NXDOMAIN"
}
