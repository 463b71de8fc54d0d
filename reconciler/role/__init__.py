"""What the role's Ansible module does on the control machine: its arguments in, its result out.

The box itself runs only the box program.
"""
