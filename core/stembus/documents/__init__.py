"""Documents that the party adopts in full and in an easy version, and that members read and sign."""
