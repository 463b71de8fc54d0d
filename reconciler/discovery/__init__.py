"""Boxes in the networks that somebody names: who answers there, which of them are boxes, and what these show.

Nothing is written anywhere, no route is asked that has an effect, and nothing that answers is ever followed to another
address.
"""
