"""How a box keeps its link, credentials and subject, as pure functions over the bytes of its files.

`flat` is one file per value (15.0, 16.0, early 17.0), `ini` and `ini_edit` one `odoo.conf` for all (everything later).
"""
