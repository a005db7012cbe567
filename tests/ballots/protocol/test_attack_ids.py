"""Every attack on the protocol itself is tried by a test here that carries its id."""

from pathlib import Path

from attack_ids import ids_in_folder

# Ballots and proofs, trustees and tally, the board and its verifier: those that need no server.
PURE = {
    *("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "B13"),
    *("T1", "T2", "T3", "T7"),
    *("V1", "V2", "V3", "V4", "V5", "V6", "V8", "V9"),
    *("E4", "E11"),
}


def test_every_attack_on_the_protocol_is_tried() -> None:
    assert ids_in_folder(Path(__file__).parent) >= PURE, PURE - ids_in_folder(Path(__file__).parent)
