"""Training runs that can be looked at in time, their files, and the figures that commands have recorded."""
