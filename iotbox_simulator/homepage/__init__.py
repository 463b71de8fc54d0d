"""What the vendor's program answers on its routes, as functions over a simulated box; no sockets."""
