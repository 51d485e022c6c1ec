"""`python -m prepazka`: the same as the command `prepazka`."""

import sys

from prepazka.commands.cli import main

sys.exit(main())
