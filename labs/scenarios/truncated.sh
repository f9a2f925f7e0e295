# shellcheck shell=bash
# The answer over UDP has TC set, dig asks again over TCP.
verdict=none
exits='dig 0'
pattern='"transport": "\(TCP\)"'

traffic() {
    try_dig "$LAB_NAME_TRUNCATED" TXT
}
