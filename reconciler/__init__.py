"""Compare what every Odoo IoT box should be with what it is, and mend the difference.

This file stays empty of imports: the part of the package that runs on a box is sent there on every run, and
whatever is imported here would be imported on the box.
"""

__version__ = "0.1.0"

DISTRIBUTION = "iot-https"
"""By this, the command tells its own package from another project's of the same name."""
