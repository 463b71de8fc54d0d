"""What the role's Ansible module does on a box: its arguments in, its result out.

Runs on the box, as what is in `box` does: the standard library only, relative imports only.
"""
