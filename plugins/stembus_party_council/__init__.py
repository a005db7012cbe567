"""The party council (partijraad): its seats, who may fill them, and what happens when one falls vacant."""
