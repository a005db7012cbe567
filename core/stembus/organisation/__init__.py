"""Members, bodies and seats: who may do what follows from the seat that a person holds today."""
