"""`python -m prepazka`: the same as the command `prepazka`."""

import sys

from prepazka.cli import main

sys.exit(main())
