"""A name server that hands questions on to another one, and answers late.

    slow_resolver.py ADDRESS SERVER SECONDS
"""

import socket
import sys
import threading
import time


def hand_on(question: bytes, client, own: socket.socket, server: str, seconds: float) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
        upstream.settimeout(5)
        upstream.sendto(question, (server, 53))
        answer = upstream.recv(65535)
    time.sleep(seconds)
    own.sendto(answer, client)


def main() -> None:
    address, server, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.bind((address, 53))
    while True:
        question, client = own.recvfrom(4096)
        threading.Thread(target=hand_on, args=(question, client, own, server, seconds), daemon=True).start()


if __name__ == "__main__":
    main()
