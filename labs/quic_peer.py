#!/usr/bin/env python3
"""A QUIC server and client for what the packaged ones cannot do; needs aioquic.

quic_peer.py server ADDRESS PORT KEY CERTIFICATE VERSION...
quic_peer.py client ADDRESS PORT NAME ALPN VERSION...

VERSIONS are hexadecimal, the preferred first; a client begins with the last one and also takes the others. The client
sends one line on a stream, the server sends it back. Exit status 1 when the connection could not be made.
"""

import asyncio
import ssl
import sys

from aioquic.asyncio import connect, serve
from aioquic.quic.configuration import QuicConfiguration


def echo(reader, writer):
    async def answer():
        writer.write(await reader.read())
        writer.write_eof()

    asyncio.get_running_loop().create_task(answer())


async def run_server(address, port, key, certificate, *versions):
    configuration = QuicConfiguration(is_client=False, alpn_protocols=["lab"])
    configuration.supported_versions = [int(version, 16) for version in versions]
    configuration.load_cert_chain(certificate, key)
    await serve(address, int(port), configuration=configuration, stream_handler=echo)
    await asyncio.Event().wait()


async def run_client(address, port, name, alpn, *versions):
    configuration = QuicConfiguration(is_client=True, alpn_protocols=[alpn], server_name=name)
    configuration.verify_mode = ssl.CERT_NONE
    configuration.supported_versions = [int(version, 16) for version in versions]
    configuration.original_version = configuration.supported_versions[-1]
    async with connect(address, int(port), configuration=configuration) as connection:
        reader, writer = await connection.create_stream()
        writer.write(b"hello\n")
        writer.write_eof()
        await reader.read()


if __name__ == "__main__":
    try:
        asyncio.run({"server": run_server, "client": run_client}[sys.argv[1]](*sys.argv[2:]))
    except ConnectionError as error:
        print(error)
        sys.exit(1)
