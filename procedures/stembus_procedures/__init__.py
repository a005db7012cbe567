"""Procedures of a party as policies: the language, its checks, its calendar, and the machine that conducts one."""

from .language import Policy, Stage, Task, UnknownStage, Window, kind_of
from .loading import PolicyError, Problem, load_policy

__all__ = ["Policy", "PolicyError", "Problem", "Stage", "Task", "UnknownStage", "Window", "kind_of", "load_policy"]
