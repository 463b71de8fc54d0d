"""`python3 -m reconciler.cli` is the command, where nothing else can be meant; `iot_https.py` tells packages apart."""

from __future__ import annotations

import sys

from . import main

sys.exit(main())
