"""The SMPP clients beside which ours is measured; both acknowledge each message at once, and keep none.

python -m prepazka.bench.smpp_client PORT bare      # answers all that has come by one write
python -m prepazka.bench.smpp_client PORT smpplib   # the usual library: reads one PDU, parses it, answers it, by turns
"""

import socket
import sys

from smpplib.client import Client

from prepazka.gateways.smpp.pdus import Framer, Pdu, Value, decode_pdu, encode_pdu


def _bare(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
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


def _by_smpplib(port: int) -> None:
    client = Client("127.0.0.1", port, allow_unknown_opt_params=True)
    client.set_message_received_handler(lambda pdu: None)
    client.connect()
    client.bind_transceiver(system_id="bench", password="bench")  # noqa: S106 -- the bench's own centre asks for none
    client.listen()


if __name__ == "__main__":
    {"bare": _bare, "smpplib": _by_smpplib}[sys.argv[2]](int(sys.argv[1]))
