# shellcheck shell=bash
# A resolver that never answers (dig, two tries from two ports), then a resolver whose upstream never does (curl, two
# tries of A and AAAA).
verdict='name.no_answer@name'
exits='dig 9 curl 6'
pattern='"status": null'

traffic() {
    # A resolver that never answers, then a resolver whose own upstream never does.
    try_dig "@$LAB_SILENT_RESOLVER" "$LAB_NAME" A
    try_curl "http://$LAB_NAME_SILENT/"
}
