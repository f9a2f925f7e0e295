# shellcheck shell=bash
# The service takes 1.5 s to answer, over a way of less than a millisecond.
verdict=exchange.slow@exchange
exits='curl 0'
pattern='"time_starttransfer":1.5'
recorded=no

prepare() {
    start "$LAB_SERVER_NS" thinker 8086 python3 -c '
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(1.5)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
http.server.HTTPServer(("", 8086), Handler).serve_forever()'
}

traffic() {
    try_curl "http://$LAB_SERVER:8086/"
}
