"""Personal data: which class each table belongs to, how long it is kept, and its destruction with proof."""
