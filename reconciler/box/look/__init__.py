"""The look at a box: everything that is observed, put together."""
