# shellcheck shell=bash
# The name server refuses to answer: the name is in no zone that it serves, and it asks nobody else.
verdict='name.refused@name'
exits='dig 0 curl 6'
pattern='"status": "REFUSED"'
recorded=no

traffic() {
    try_dig "$LAB_NAME_REFUSED" A
    try_curl "http://$LAB_NAME_REFUSED/"
}
