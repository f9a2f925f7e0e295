# shellcheck shell=bash
# An upload of 20 MB to a service that reads nothing: its window closes, and the client gives up after 4 s.
verdict=exchange.zero_window@exchange
exits='curl 28'
recorded=no

prepare() {
    start "$LAB_SERVER_NS" deaf 8086 python3 -c '
import socket, time
listener = socket.create_server(("", 8086))
connection, _ = listener.accept()
time.sleep(60)'
}

traffic() {
    try_curl --max-time 4 --header "Expect:" --upload-file "$LAB_DIR/www/100MB" "http://$LAB_SERVER:8086/"
}
