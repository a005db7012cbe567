"""Candidacies: entering, judging, accepting, deciding, withdrawing."""
