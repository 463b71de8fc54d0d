"""The connection `homepage`: a box is looked at and changed by its own pages, and no program of ours runs on it."""
