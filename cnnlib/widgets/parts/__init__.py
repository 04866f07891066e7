"""What panels and explorers are built from: a grid of cells, transport, formulas, text fields, a drawing pad."""
