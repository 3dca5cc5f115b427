"""Kickpush's games for Python: deterministic Sokoban and Football, many episodes at once.

``Lanes`` is the simulator with numpy arrays. ``kickpush.gym`` makes Gymnasium environments of it: once this package is
imported, ``gymnasium.make("kickpush/Sokoban-v0")`` and ``gymnasium.make_vec`` find them. ``kickpush.zoo`` makes
PettingZoo's.
"""

from importlib.util import find_spec

from .lanes import Batch, KickpushError, Lanes, Spec

__all__ = ["Batch", "KickpushError", "Lanes", "Spec"]
__version__ = "0.1.0"

#: Registered name -> game and observation.
_GAMES = {"Sokoban-v0": ("sokoban", "planes"), "Football-v0": ("football", "simple115v2")}

if find_spec("gymnasium"):
    import gymnasium

    for _name, (_game, _observation) in _GAMES.items():
        gymnasium.register(
            id=f"kickpush/{_name}",
            entry_point="kickpush.gym:KickpushEnv",
            vector_entry_point="kickpush.gym:KickpushVectorEnv",
            kwargs={"game": _game, "observation": _observation},
        )
