"""What boxes have becomes what they should be: their databases become customers of the inventory, by a person's word.

A box may lie, and who has broken into one knows its credentials. So it joins a customer only where UUID and contract
are those that are declared there and a person names the customer; all else is told, and left alone.
"""
