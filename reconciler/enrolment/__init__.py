"""Let the control machine's key in on boxes that have only a password, and take it away again."""
