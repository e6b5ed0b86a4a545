"""Which step of a file a page means, and what to say when there is none.

A step is meant by its id; else by its name, the first in the order of the run; else by `name#2`, the second of that
name. So does the element, and a test holds the two together.
"""

from __future__ import annotations

import re

from .engine import Held, Run, Step
from .fence import Wrong, nearest

_COUNTED = re.compile(r"^(?P<name>.+)#(?P<nth>[1-9]\d*)$")
#: Names told when nothing is near.
_TOLD = 6


def run(held: Held, wanted: str, file: str) -> Run:
    """The run of a file, or the pipeline: the one with this id, or the first run."""
    if not held.runs:
        raise Wrong(f"`{file}` holds tables, and no run or pipeline with steps.")
    if not wanted:
        return next((one for one in held.runs if not one.pipeline), held.runs[0])
    for one in held.runs:
        if wanted == one.id:
            return one
    raise Wrong(f"`{file}` has no run `{wanted}`. {_there(wanted, [one.id for one in held.runs])}")


def step(held: Held, wanted_run: str, wanted: str, file: str) -> Step:
    """The step that is meant: of a run, or of a pipeline, whose box is chosen."""
    there = run(held, wanted_run, file)
    steps = there.steps
    for one in steps:
        if one.id == wanted:
            return one
    for one in steps:
        if one.name == wanted:
            return one
    counted = None if there.pipeline else _COUNTED.match(wanted)
    if counted:
        all_of_it = [one for one in steps if one.name == counted["name"]]
        if all_of_it:
            nth = int(counted["nth"])
            if nth <= len(all_of_it):
                return all_of_it[nth - 1]
            raise Wrong(f"`{file}` has no step `{wanted}`: it has {len(all_of_it)} of the name `{counted['name']}`.")
    # Ids that say nothing to a person are no help.
    names = list(dict.fromkeys(one.name for one in steps))
    raise Wrong(f"`{file}` has no step `{wanted}`. {_there(wanted, names)}")


def moment(held: Held, wanted_run: str, wanted: str, file: str) -> None:
    """Raises when a run has no such moment. They are counted from 0, two for each step."""
    there = run(held, wanted_run, file)
    if there.pipeline:
        raise Wrong(f"`{file}` defines a pipeline and holds no run: there is no moment {wanted} in it.")
    moments = 2 * len(there.steps)
    if not (wanted.isdecimal() and int(wanted) < moments):
        raise Wrong(f"`{file}` has no moment {wanted}: they go from 0 to {moments - 1}.")


def _there(wanted: str, names: list[str]) -> str:
    near = nearest(wanted, names)
    if near:
        return f"Nearest: {', '.join(f'`{name}`' for name in near)}."
    told = ", ".join(f"`{name}`" for name in names[:_TOLD])
    return f"There are: {told}{' and others' if len(names) > _TOLD else ''}."
