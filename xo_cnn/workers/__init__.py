"""Workers: processes here, or the workers of a Dask scheduler, that do chunks of work."""
