"""Ways to a box: each carries the box program there and brings its reply back."""
