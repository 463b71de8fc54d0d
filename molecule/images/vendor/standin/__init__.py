"""What the vendor's software does to a box, in our own words, so that tests meet its habits and its faults."""
