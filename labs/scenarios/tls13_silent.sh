# shellcheck shell=bash
# TLS 1.3, where all is encrypted: a service that says nothing after the handshake until the client gives up, a server
# that wants a certificate of the client and gets none, and one that only asks for it.
verdict='exchange.client_gave_up@exchange exchange.closed_without_answer@exchange'
exits='curl 28 curl 56 curl 0'
recorded=no

prepare() {
    local common=(-tls1_3 -cert "$LAB_CERTIFICATE" -key "$LAB_KEY" -www)
    # Without the tickets that most servers send by themselves: they could be an answer.
    start "$LAB_SERVER_NS" mute 4433 python3 -c "
import socket, ssl, time
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('$LAB_CERTIFICATE', '$LAB_KEY')
context.num_tickets = 0
with socket.create_server(('$LAB_SERVER', 4433)) as listener:
    while True:
        with context.wrap_socket(listener.accept()[0], server_side=True) as connection:
            while connection.recv(4096):
                pass
            # The farewell of TLS is there before the client's FIN.
            time.sleep(0.3)"
    start "$LAB_SERVER_NS" s_server_demands 4434 openssl s_server -accept 4434 -Verify 1 -verify_return_error "${common[@]}"
    start "$LAB_SERVER_NS" s_server_asks 4435 openssl s_server -accept 4435 -verify 1 "${common[@]}"
}

traffic() {
    try_curl --insecure --max-time 1 "https://$LAB_NAME_IPV4:4433/"
    try_curl --insecure "https://$LAB_NAME_IPV4:4434/"
    try_curl --insecure "https://$LAB_NAME_IPV4:4435/"
}
