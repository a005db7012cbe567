"""The program of a trustee, for a machine of their own: the key ceremony, the rehearsal, mixing and decrypting."""
