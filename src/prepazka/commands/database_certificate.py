"""Why the certificate of PostgreSQL is not accepted: the driver says only that it is not."""

import socket
import ssl
import struct
from collections.abc import Mapping
from typing import Any

# Seconds the server has to show it.
_PATIENCE = 5.0
# What a client of PostgreSQL asks first where it wants to be encrypted.
_ASK_FOR_TLS = struct.pack("!II", 8, 80877103)


def fault(host: str, port: int, options: Mapping[str, Any]) -> str:
    """Return what is wrong with the certificate, in OpenSSL's words; "" where that cannot be found out.

    options: those of the connection; `sslrootcert` is the file of authorities.
    """
    authorities = str(options.get("sslrootcert", ""))
    try:
        context = ssl.create_default_context(cafile=None if authorities in {"", "system"} else authorities)
        context.check_hostname = False  # the driver has words of its own for another name
        with socket.create_connection((host, port), _PATIENCE) as plain:
            plain.sendall(_ASK_FOR_TLS)
            if plain.recv(1) == b"S":
                context.wrap_socket(plain, server_hostname=host).close()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError:
        return ""
    return ""
