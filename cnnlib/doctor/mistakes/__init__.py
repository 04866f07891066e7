"""The known mistakes, each as a formula that predicts its wrong numbers."""
