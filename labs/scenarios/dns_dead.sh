# shellcheck shell=bash
# Nothing listens at the resolver: ICMP port unreachable, twice.
verdict='name.no_answer@name'
exits='dig 9'
pattern='"status": null'

traffic() {
    # Nothing listens at the resolver's port: its host answers with ICMP port unreachable.
    try_dig "@$LAB_DEAD_RESOLVER" "$LAB_NAME" A
}
