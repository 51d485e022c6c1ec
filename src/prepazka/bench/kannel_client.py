"""The bare box of Kannel: acknowledges all messages that have come by one write, and keeps none.

python -m prepazka.bench.kannel_client PORT BOX
"""

import socket
import sys

from prepazka.gateways.kannel.codec import Ack, Admin, Command, Decoder, Sms, Verdict, encode

if __name__ == "__main__":
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(encode(Admin(Command.IDENTIFY, sys.argv[2].encode("ascii"))))
        decoder = Decoder()
        while data := connection.recv(65_536):
            decoder.feed(data)
            given = [one for one in decoder.messages() if isinstance(one, Sms)]
            connection.sendall(b"".join(encode(Ack(Verdict.SUCCESS, one.time, one.id)) for one in given))
