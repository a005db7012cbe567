"""The governance core: it keeps rows, signs acts, and runs procedures that others define."""
