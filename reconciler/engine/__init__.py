"""Many boxes at once: fan-out, deadlines, locks and limits, so that no box can hurt another."""
