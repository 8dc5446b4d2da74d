"""In and out of other programs: a net as code that people write."""
