"""Support bundles: what is known of one box in one archive that can be sent away.

No secret and no other customer stands in it, whoever wrote what is collected.
"""
