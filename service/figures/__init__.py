"""Pictures drawn from data: the body map, plots, and the figures of exercises."""
