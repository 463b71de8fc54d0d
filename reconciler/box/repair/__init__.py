"""One file per way of changing a box; each is idempotent and leaves old or new, whenever it is killed."""
