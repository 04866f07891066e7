"""The picture of one pass: forward on the upper lane, backward on the lower, and the terms of each number."""
