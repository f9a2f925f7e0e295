# shellcheck shell=bash
# The first name server of resolv.conf never answers: the C library asks the second one after a second. Then a name that
# the third domain of a search list completes.
verdict='name.no_answer@name name.server_silent@name name.search_detour@name name.nxdomain@name'
exits='unshare 0 unshare 0'

with_resolvers() { # LINES COMMAND...
    local lines=$1
    shift
    printf '%b' "$lines" >"$LAB_DIR/resolv.conf"
    try unshare --mount sh -c "mount --bind $LAB_DIR/resolv.conf /etc/resolv.conf && exec \"\$@\"" sh "$@"
}

traffic() {
    with_resolvers "nameserver $LAB_SILENT_RESOLVER\nnameserver $LAB_RESOLVER\noptions timeout:1\n" \
        getent ahosts "$LAB_NAME"
    with_resolvers "nameserver $LAB_RESOLVER\nsearch a.lab.waybill.test b.lab.waybill.test lab.waybill.test\n" \
        getent ahosts ipv4
}
