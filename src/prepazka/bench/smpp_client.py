"""The bare SMPP client: acknowledges each message at once, and keeps none.

python -m prepazka.bench.smpp_client PORT
"""

import socket
import sys

from prepazka.gateways.smpp.pdus import Framer, Pdu, Value, decode_pdu, encode_pdu

if __name__ == "__main__":
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bind: dict[str, Value] = {"system_id": "bench", "password": "bench", "interface_version": 0x34}
        connection.sendall(encode_pdu(Pdu("bind_transceiver", 1, fields=bind)))
        framer = Framer()
        while data := connection.recv(65_536):
            read = [decode_pdu(frame) for frame in framer.feed(data)]
            connection.sendall(
                b"".join(
                    encode_pdu(Pdu("deliver_sm_resp", one.sequence)) for one in read if one.command == "deliver_sm"
                )
            )
