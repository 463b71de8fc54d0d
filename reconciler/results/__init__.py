"""What comes of a run, as data: findings, repairs, the result of a box, the report of a fleet."""
