"""Puts the demo office and a gateway that calls into the cluster's database, and prints the gateway's token.

    python -m tests.cluster.office

Two commands in one process: to start another one takes longer than what it does.
"""

import sys
from importlib.resources import files

from prepazka.commands.cli import main

DEMO = str(files("prepazka") / "demo.toml")
TOKEN = "gateway token calls --number +420739547765 --purpose messages --purpose replies"

if __name__ == "__main__":
    sys.exit(main(["init", "--office", DEMO]) or main(TOKEN.split()))
