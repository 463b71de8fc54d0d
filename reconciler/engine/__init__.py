"""Many boxes at once: what is done to which of them, within which limits, so that no box can hurt another.

`run` decides, by `looking` and `mending`, and writes down what it learns in the `ledger`. On the other side of the
`seam` a `worker` goes to the boxes.
"""
