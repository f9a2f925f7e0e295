# shellcheck shell=bash
# The server closes without a response.
verdict=exchange.closed_without_answer@exchange
exits='curl 52'
pattern='"num_connects":1'

traffic() {
    try_curl "http://$LAB_SERVER:$LAB_PORT_EMPTY/"
}
