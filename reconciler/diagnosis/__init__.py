"""From what was seen and asked to a cause: pure functions that walk the chain and stop blaming where it breaks."""
