# shellcheck shell=bash
# The name server answers SERVFAIL.
verdict='name.servfail@name'
exits='dig 0'
pattern='"status": "SERVFAIL"'

traffic() {
    try_dig "$LAB_NAME_SERVFAIL" A
}
