"""How a box keeps its link, credentials and subject, on every branch.

`flat` is one file per value (15.0, 16.0, early 17.0), `ini` and `ini_edit` one `odoo.conf` for all (everything later):
pure functions over the bytes of files, which `files` reads and writes.
"""
