"""Private: the tracker's hot loops. Arrays in, arrays out; outside `tracking`, `tracking.warm` stands for them."""
