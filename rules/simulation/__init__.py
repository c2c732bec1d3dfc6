"""A pack held against simulated people. Nothing that guidance is made of reaches in here, so nothing there can hold dice."""
