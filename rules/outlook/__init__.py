"""What is still open: which answers could come, and between which bands they could move each finding."""
