"""The core path: the notebooks of the 90-minute lecture.  Contents and index pages mark them with a ★."""

CORE = ("01", "02", "04", "05", "06", "12")
