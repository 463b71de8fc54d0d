"""Ways to a box: each carries the box program there and brings its answer back."""
