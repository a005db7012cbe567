"""The electoral roll: frozen under a public root, open to objection, changed only by two."""
