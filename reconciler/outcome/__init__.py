"""What came of a box: its state, whose it is, what is left for somebody to do, what it adds to the exit status.

The command's engine and its reports need this, and so does the role, which has neither a run of its own nor reports.
"""
