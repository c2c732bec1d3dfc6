"""The world outside: which addresses are, and one request to them at a time, never into our own network."""
