"""What the supervisor of `serve` loads before it forks begins nothing that a child would share with another."""

import subprocess
import sys

LOADING = """
import sys, threading
from prepazka.commands import serve
from prepazka.commands.run import set_up
set_up()
from prepazka.process import preload
preload.load()
from django.db import connections
begun = "prepazka.process.serving" in sys.modules
print(threading.active_count(), [one.connection for one in connections.all()], begun)
"""


def test_nothing_begins_before_the_children_are_made() -> None:
    said = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
    assert said.stdout.split("\n")[0] == "1 [None] False"
