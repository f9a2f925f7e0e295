# shellcheck shell=bash
# The name exists, its AAAA does not.
verdict='name.no_data@name'
exits='dig 0'
pattern='"status": "NOERROR".*"answers": \[\]'

traffic() {
    try_dig "$LAB_NAME_IPV4" AAAA
}
