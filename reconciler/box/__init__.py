"""What runs on a box: observe, check, plan, repair, observe again; one run, one lock, one reply.

Python 3.11 to 3.13, the standard library and the box's own `cryptography`. Relative imports only.
"""
