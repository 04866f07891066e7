"""All goals of ``make bench``: the bounds that the figures of its rows have to keep, in the form of :mod:`rows`."""

# How many times as fast as the peer of the row.
BESIDE_PYTORCH = ("ratio at least", 1.0)  # an update with one thread each, at every batch size and on both nets
BESIDE_TOOLBOX = ("ratio at least", 30)  # 60,000 images
IN_THE_PAGE = ("ratio at least", 1.5)  # an update, beside NumPy's own products there

# At most, in the unit of the row.
MODERN_NET = ("at most", 45.0)  # s, until it errs as seldom as LeNet-5 did in 1998
MEMORY = ("at most", 700)  # MB, of a training on all 60,000 digits
EXPLORER_STEP = ("at most", 30.0)  # ms, the largest step of each explorer
PANEL_FRAME = ("at most", 8.0)  # ms, the panel's own work for a frame
PROOF = ("at most", 10)  # s, both gradients for symbolic sizes, 16 cases
IMPORT = ("at most", 0.2)  # s, beyond the import of NumPy
COURSE = ("at most", 240)  # s, all notebooks and solutions cold, with two workers
ONE_NOTEBOOK = ("at most", 60)  # s, the slowest of them
