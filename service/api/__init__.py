"""The JSON API, one file a resource; routes translate and nothing else."""
