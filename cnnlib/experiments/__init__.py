"""Training runs whose every moment can be shown again, their files, and the figures that commands recorded."""
