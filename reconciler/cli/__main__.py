"""`python3 -m reconciler.cli` is the command `iot-https`."""

from __future__ import annotations

import sys

from . import main

sys.exit(main())
