"""Boxes from a list that people keep in a spreadsheet: read as CSV, judged whole, added to an inventory.

What stands in such a list is data: no cell is a template, a formula, a path or a setting of Ansible.
"""

from __future__ import annotations
