"""What is known of the vendor's program, for all that stands in for it: boxes in memory, and real boxes of tests.

Its words, the shape of its answers, where it keeps what. Needs nothing but the standard library and imports nothing of
this project, since it is copied onto real boxes. How the program behaves is written where it behaves.
"""
