"""The picture of one pass: forward on the upper lane, backward on the lower, and what each number was made of."""
