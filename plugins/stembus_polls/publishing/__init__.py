"""Making a result public: what everybody may see of it, kept as it was shown, under a digest in the ledger."""
