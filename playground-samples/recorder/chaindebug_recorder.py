"""Record what a Python program does, step by step, into a file ChainDebug opens.

One file, no dependencies, Python 3.9 or newer. Copy it into your project:

    from chaindebug_recorder import chain_step, record, step

    @chain_step(kind="retriever")
    def retrieve(question): ...

    with record("run.chaindebug.jsonl", name="Answer a question"):
        retrieve("May I return a lamp?")

The file format is described in ChainDebug's docs/format.md.

Three rules hold throughout. Recording never raises into the program: what goes wrong is
said once on stderr. Values are turned into JSON when they are recorded, so what the
program changes later does not change the record. Each line is one write to the file, so a
crash loses at most the line being written.

Licence: MIT OR Apache-2.0.
"""

import atexit
import contextvars
import dataclasses
import datetime
import enum
import functools
import inspect
import itertools
import json
import os
import pathlib
import sys
import threading
import time
import traceback
import uuid
from collections import deque
from collections.abc import ItemsView, KeysView, Mapping, Set, ValuesView

__version__ = "1.0.0"
__all__ = ["record", "start", "stop", "chain_step", "step", "current_step", "with_context"]

DEFAULT_VALUE_BYTES = 256 * 1024
KINDS = frozenset(
    "agent llm tool retriever embedding chain guardrail evaluator task http db human other".split()
)
STATUSES = frozenset("ok error running waiting skipped cancelled unset".split())
_MAX_DEPTH = 64
_MAX_STACK = 32 * 1024
_MAX_FRAMES = 100
_HERE = (lambda: None).__code__.co_filename

# The recording that new steps go to: the last of _recordings. One read of this is all a
# decorated function costs while nothing is recorded.
_active = None
_recordings = []
_current = contextvars.ContextVar("chaindebug_step", default=None)
_local = threading.local()


# --- Values to JSON -----------------------------------------------------------------------

_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False).encode
_RESERVED = frozenset(["$repr", "$type", "$truncated", "$text", "$items", "$pairs"])


def _type_name(value):
    kind = type(value)
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


def _described(value, text=None, limit=1000):
    """An object in place of a value that is not JSON."""
    if text is None:
        try:
            text = repr(value)
        except Exception as error:
            text = f"<its repr raised {type(error).__name__}>"
    try:
        # Text with lone surrogates cannot be written as UTF-8.
        raw = text.encode("utf-8", "backslashreplace")
        kept = raw[: max(limit, 48)].decode("utf-8", "ignore")
        plain = {"$repr": kept, "$type": _type_name(value)}
        if len(raw) > max(limit, 48):
            plain["$truncated"] = {"bytes": len(raw), "kept": len(kept.encode())}
    except Exception:
        plain = {"$repr": "<not describable>", "$type": "unknown"}
    return plain, len(plain["$repr"]) + 64


def _text(text, limit):
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        return _described(text, ascii(text), limit)
    if len(raw) <= max(limit, 32):
        return text, len(raw) + 2
    kept = raw[: max(limit, 32)].decode("utf-8", "ignore")
    return {"$truncated": {"bytes": len(raw), "kept": len(kept.encode())}, "$text": kept}, len(kept) + 48


def _share(left, count):
    """How much one of `count` items may use of what is left: a fair part, but not crumbs."""
    return max(left // max(count, 1), min(256, left))


def _items(values, count, limit, depth, above):
    """A list of at most `limit` bytes; `values` is a copy and may be shorter than `count`."""
    plain, left = [], limit - 2
    for index, value in enumerate(values):
        if left <= 0:
            break
        item, cost = _plain(value, _share(left, len(values) - index), depth + 1, above)
        plain.append(item)
        left -= cost + 1
    if len(plain) < count:
        plain.append({"$truncated": {"items": count, "kept": len(plain)}})
        left -= 40
    return plain, limit - left


def _size_class(value):
    kind = type(value)
    if kind is str or kind is bytes:
        return len(value)
    return 0 if kind in (int, float, bool, type(None)) else sys.maxsize


def _fields(pairs, count, limit, depth, above, type_name=None):
    """An object of at most `limit` bytes. Small values are served first, so that one huge
    field does not crowd out the rest; the order written is the order given."""
    left = limit - 2 - sum(len(key) + 4 for key, _ in pairs)
    order = range(len(pairs))
    if len(pairs) <= 256:
        order = sorted(order, key=lambda index: _size_class(pairs[index][1]))
    done = {}
    for index in order:
        if left <= 0:
            break
        done[index], cost = _plain(pairs[index][1], _share(left, len(pairs) - len(done)), depth + 1, above)
        left -= cost
    plain = {"$type": type_name} if type_name else {}
    for index in sorted(done):
        plain[pairs[index][0]] = done[index]
    if len(done) < count:
        plain["$truncated"] = {"items": count, "kept": len(done)}
        left -= 40
    return plain, limit - left


def _is_plain_key(key):
    return type(key) is str and len(key) <= 256 and key not in _RESERVED and key.isprintable()


def _mapping(value, limit, depth, above, type_name=None):
    count = len(value)
    pairs = list(itertools.islice(value.items(), limit // 4 + 1))
    if all(_is_plain_key(key) for key, _ in pairs):
        return _fields(pairs, count, limit, depth, above, type_name)
    items, cost = _items([list(pair) for pair in pairs], count, limit, depth + 1, above)
    return {"$type": type_name or "dict", "$pairs": items}, cost + 24


def _record_fields(value):
    """The fields of an object that knows its own: (name, value) pairs, a mapping, or None."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        # repr=False is how an author says that a field is not to be shown.
        return [(field.name, getattr(value, field.name, None)) for field in dataclasses.fields(kind) if field.repr]
    if callable(getattr(kind, "model_dump", None)):
        return value.model_dump()
    if hasattr(kind, "__fields__") and callable(getattr(kind, "dict", None)):
        return value.dict()
    if hasattr(kind, "__attrs_attrs__"):
        return [(field.name, getattr(value, field.name, None)) for field in kind.__attrs_attrs__ if field.repr]
    if isinstance(value, tuple) and isinstance(getattr(kind, "_fields", None), tuple):
        return list(zip(kind._fields, value))
    return None


def _number(value, limit):
    if isinstance(value, int):
        bits = value.bit_length()
        if bits > 12_000:  # Python refuses to print integers much longer than this.
            return _described(value, f"<whole number of {bits} bits>")
        return int.__pos__(value), bits // 3 + 1
    number = float.__pos__(value)
    if number != number or number in (float("inf"), float("-inf")):
        return _described(value, float.__repr__(number))
    return number, 12


def _plain(value, limit, depth, above):
    """What _dumps takes in place of `value`, and about how many bytes it will be.

    `limit` bounds the work as well as the size. `above` holds the ids of the containers
    around this value: meeting one again is a cycle.
    """
    if value is None or value is True or value is False:
        return value, 5
    try:
        if type(value) is str:
            return _text(value, limit)
        if isinstance(value, enum.Enum) and not isinstance(value, (str, int)):
            plain, cost = _plain(value.value, limit, depth + 1, above)
            return {"$type": _type_name(value), "name": value.name, "value": plain}, cost + 40
        if isinstance(value, (int, float)):
            return _number(value, limit)
        if isinstance(value, str):
            return _text(str.__str__(value), limit)
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat(), 34
        if isinstance(value, (uuid.UUID, pathlib.PurePath)):
            return _text(str(value), limit)
        if isinstance(value, (bytes, bytearray, memoryview)):
            size = value.nbytes if isinstance(value, memoryview) else len(value)
            plain, cost = _described(value, repr(bytes(value[:48])))
            if size > 48:
                plain["$truncated"] = {"bytes": size, "kept": 48}
            return plain, cost
        return _container(value, limit, depth, above)
    except Exception as error:
        return _described(value, f"<could not be read: {type(error).__name__}>")


def _container(value, limit, depth, above):
    here = id(value)
    if here in above:
        return _described(value, f"<the same {type(value).__name__} as further up: a cycle>")
    if depth >= _MAX_DEPTH:
        return _described(value, f"<{type(value).__name__}, nested deeper than {_MAX_DEPTH} levels>")
    above = above | {here}
    room = limit // 2 + 1
    fields = None if isinstance(value, (dict, list)) else _record_fields(value)
    if isinstance(fields, list):
        return _fields(fields, len(fields), limit, depth, above, _type_name(value))
    if isinstance(fields, Mapping):
        return _mapping(fields, limit, depth, above, _type_name(value))
    if isinstance(value, Mapping):
        return _mapping(value, limit, depth, above)
    if isinstance(value, (list, tuple)):
        return _items(value[:room], len(value), limit, depth, above)
    if isinstance(value, (deque, KeysView, ValuesView, ItemsView)) and not isinstance(value, Mapping):
        return _items(list(itertools.islice(value, room)), len(value), limit, depth, above)
    if isinstance(value, Set):
        plain, cost = _items(list(itertools.islice(value, room)), len(value), limit, depth, above)
        cut = [plain.pop()] if plain and plain[-1] == {"$truncated": {"items": len(value), "kept": len(plain) - 1}} else []
        # Sorted, since the order of a set differs from run to run.
        plain.sort(key=lambda item: _dumps(item))
        return {"$type": type(value).__name__, "$items": plain + cut}, cost + 24
    if hasattr(value, "dtype") and getattr(value, "shape", None) == ():
        return _plain(value.item(), limit, depth + 1, above)
    return _described(value, None, limit)


def _encode(value, limit=DEFAULT_VALUE_BYTES):
    """JSON text of any value at all, of about `limit` bytes at most."""
    busy = getattr(_local, "busy", False)
    _local.busy = True  # A __repr__ may call a decorated function; that is no step of the run.
    try:
        return _dumps(_plain(value, limit, 0, frozenset())[0])
    except Exception as error:
        return _dumps({"$repr": f"<could not be written: {type(error).__name__}>", "$type": "unknown"})
    finally:
        _local.busy = busy


def _name_text(name):
    text = _plain(name if isinstance(name, str) else str(name), 1000, 0, frozenset())[0]
    return _dumps(text if isinstance(text, str) else ascii(name)[:1000])


def _error_text(error):
    """The JSON of an exception, or of a text that stands for one."""
    if not isinstance(error, BaseException):
        return _dumps({"message": error if isinstance(error, str) else ascii(error)})
    try:
        message = str(error)
    except Exception as inner:
        message = f"<its text raised {type(inner).__name__}>"
    fields = {"type": _type_name(error), "message": message}
    try:
        # Only the last frames: a RecursionError has thousands, for each step it leaves.
        frames, trace = 0, error.__traceback__
        while trace is not None:
            frames, trace = frames + 1, trace.tb_next
        stack = traceback.TracebackException.from_exception(error, limit=-_MAX_FRAMES)
        waiting, seen = [stack], set()
        while waiting:
            one = waiting.pop()
            if one is None or id(one) in seen:
                continue
            seen.add(id(one))
            # The frames of this file say nothing about the program.
            one.stack = traceback.StackSummary.from_list([f for f in one.stack if f.filename != _HERE])
            waiting += [one.__cause__, one.__context__, *(getattr(one, "exceptions", None) or ())]
        left_out = f"({frames - _MAX_FRAMES} earlier frames left out)\n" if frames > _MAX_FRAMES else ""
        fields["stack"] = left_out + "".join(stack.format())
    except Exception:
        fields["stack"] = f"<could not be read>\n{fields['type']}"
    for key, text in fields.items():
        if len(text) > _MAX_STACK:
            cut = len(text) - _MAX_STACK
            text = f"{text[: _MAX_STACK // 4]}\n… {cut} characters cut …\n{text[-_MAX_STACK * 3 // 4 :]}"
        fields[key] = text.encode("utf-8", "backslashreplace").decode()
    return _dumps(fields)


def _status_of(error):
    if isinstance(error, SystemExit):
        return "error" if error.code else "ok"
    # KeyboardInterrupt, asyncio.CancelledError, GeneratorExit and their like.
    return "error" if isinstance(error, Exception) else "cancelled"


# --- The file -----------------------------------------------------------------------------


def _warn(text):
    try:
        sys.stderr.write(f"chaindebug_recorder: {text}\n")
    except Exception:
        pass


def _time_text(nanoseconds):
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:09d}Z"


class Recording:
    """One file being written. Made by `record` and `start`; a context manager."""

    def __init__(
        self,
        path,
        name=None,
        *,
        max_value_bytes=DEFAULT_VALUE_BYTES,
        run_id=None,
        attributes=None,
        append=False,
        joins=False,
    ):
        self.limit = max(int(max_value_bytes), 1)
        self.run_id = run_id or os.urandom(8).hex()
        # Re-entrant: a signal handler or the collector may record while a line is written.
        self._lock = threading.RLock()
        self._fd = None
        self._on = False
        self._warned = False
        self._pid = os.getpid()
        self._ids = itertools.count(1)
        self._prefix = ""
        # One clock for the whole run: durations are right even when the wall clock is set.
        self._clock = time.time_ns() - time.perf_counter_ns()
        try:
            self.path = os.path.abspath(os.fspath(path))
            self._name = str(name) if name is not None else os.path.basename(self.path).split(".")[0]
            self._attributes = dict(attributes or {})
            if joins:
                self._become_child()
                self._on = True
            else:
                self._open(self.path, append)
        except Exception as error:
            self._give_up(error)

    def _open(self, path, append=False):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._fd = os.open(path, flags if append else flags | os.O_TRUNC, 0o666)
        self._opened = self._identity()
        self._on = True
        attributes = {"process.pid": self._pid, "process.runtime.version": sys.version.split()[0], **self._attributes}
        run = f'{{"id":{_name_text(self.run_id)},"name":{_name_text(self._name)},"start":"{self.now()}","attributes":{_encode(attributes, self.limit)}}}'
        recorder = _dumps({"name": "chaindebug_recorder", "version": __version__})
        self.write({"chaindebug": "1", "run": run, "recorder": recorder, "limits": f'{{"value_bytes":{self.limit}}}'})

    def _identity(self):
        about = os.fstat(self._fd)
        return about.st_dev, about.st_ino

    def now(self):
        return _time_text(self._clock + time.perf_counter_ns())

    def next_id(self):
        return f"{self._prefix}{next(self._ids)}"

    def write(self, fields):
        """Writes one line. The values of `fields` are JSON texts."""
        if not self._on:
            return
        try:
            line = "{" + ",".join([f'"{key}":{text}' for key, text in fields.items()]) + "}\n"
            data = line.encode("utf-8", "replace")
            with self._lock:
                if self._fd is None:  # The first line of a forked child.
                    self._open(self._child_path())
                if self._identity() != self._opened:
                    # The program closed all files, as daemons do; the number may be another's now.
                    self._fd = None
                    raise OSError("the file was closed by the program")
                while data and self._on:
                    data = data[os.write(self._fd, data) :]
        except OSError as error:
            self._give_up(error)
        except Exception as error:
            if not self._warned:
                self._warned = True
                _warn(f"a line could not be written: {error!r}")

    def _give_up(self, error):
        self._on = False
        if not self._warned:
            self._warned = True
            _warn(f"recording stopped: {error}")
        self._forget()

    def _forget(self):
        global _active
        if self in _recordings:
            _recordings.remove(self)
        _active = _recordings[-1] if _recordings else None

    def _child_path(self):
        folder, base = os.path.split(self.path)
        for ending in (".chaindebug.jsonl", os.path.splitext(base)[1]):
            if ending and base.endswith(ending):
                return os.path.join(folder, f"{base[: -len(ending)]}-{self._pid}{ending}")
        return f"{self.path}-{self._pid}"

    def _become_child(self):
        """After a fork, or in a program this one started: same run, own file, own ids."""
        inherited, self._fd = self._fd, None
        if inherited is not None:
            os.close(inherited)
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._prefix = f"{self._pid}-"
        self._ids = itertools.count(1)

    def stop(self, error=None, status="ok"):
        """Writes the last line and closes the file. Later calls do nothing."""
        with self._lock:
            if not self._on:
                return
            if self._fd is not None:
                fields = {"type": '"end_run"', "end": f'"{self.now()}"'}
                if error is not None:
                    fields.update(status=f'"{_status_of(error)}"', error=_error_text(error))
                elif status:
                    fields["status"] = f'"{status}"'
                self.write(fields)
            self._on = False
            self._forget()
            try:
                if self._fd is not None:
                    os.close(self._fd)
            except OSError as failure:
                _warn(f"the file may be incomplete: {failure}")
            self._fd = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.stop(error)


def start(path, name=None, **options):
    """Begins to record and returns the recording. See `record` for the options."""
    global _active
    recording = Recording(path, name, **options)
    if recording._on:
        _recordings.append(recording)
        _active = recording
    return recording


def record(path, name=None, **options):
    """Records until the `with` block ends.

    Options: `max_value_bytes` cuts larger values; `run_id`; `attributes` of the run;
    `append=True` adds another run to a file instead of replacing it; `joins=True` makes
    this process part of the run `run_id`, with a file of its own beside `path`.
    """
    return start(path, name, **options)


def stop():
    """Ends the recording begun last. At exit this happens by itself."""
    if _active is not None:
        _active.stop()


def _stop_all():
    for recording in list(reversed(_recordings)):
        recording.stop(status=None)


def _after_fork():
    for recording in list(_recordings):
        try:
            recording._become_child()
        except Exception as error:
            recording._give_up(error)


atexit.register(_stop_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


# --- Steps --------------------------------------------------------------------------------


class _Field:
    """Set by assignment (`s.input = x`) or by call (`s.input(x)`); written at once."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, step, owner=None):
        return self if step is None else functools.partial(self.__set__, step)

    def __set__(self, step, value):
        step._tell(self.name, value)


class Step:
    """A step being recorded. `with step(...) as s` and `current_step()` give one."""

    input = _Field()
    output = _Field()
    model = _Field()
    status = _Field()
    messages = _Field()
    error = _Field()

    def __init__(self, recording, name, kind, first):
        self._recording = recording
        self._first = first
        self._name = name
        self._kind = kind if kind in KINDS else "other"
        self._told = set()
        self._end_status = None
        self._token = None
        self._pid = 0
        self.id = None

    def _begin(self):
        recording = self._recording
        parent = _current.get()
        self.id = recording.next_id()
        self._pid = recording._pid
        attributes = dict(self._first.pop("attributes", None) or {})
        if threading.get_ident() != threading.main_thread().ident:
            attributes["thread.name"] = threading.current_thread().name
        fields = {"type": '"start"', "id": f'"{self.id}"'}
        if parent is not None and parent._recording is recording:
            fields["parent"] = f'"{parent.id}"'
        fields.update(name=_name_text(self._name), kind=f'"{self._kind}"', start=f'"{recording.now()}"')
        for key, value in self._first.items():
            key, text = self._field(key, value)
            if text is None:
                attributes[key] = value
            else:
                fields[key] = text
        if attributes:
            fields["attributes"] = _encode(attributes, recording.limit)
        self._first = None
        recording.write(fields)

    def _write(self, fields):
        # A step that a fork carried into a child is told by the parent process alone.
        if self.id is not None and self._pid == self._recording._pid:
            self._recording.write(fields)

    def _update(self, key, text):
        self._write({"type": '"update"', "id": f'"{self.id}"', key: text})

    def _field(self, key, value):
        """The JSON text of a field, or None when the value does not fit the format there."""
        if key == "status":
            if value not in STATUSES:
                return key, None
            self._end_status = value
            return key, f'"{value}"'
        if key == "error":
            self._end_status = "error"
            return key, _error_text(value)
        if key == "model":
            return key, _name_text(value)
        text = _encode(value, self._recording.limit) if key in ("input", "output", "messages") else None
        return key, None if key == "messages" and not _are_messages(text) else text

    def _tell(self, key, value):
        try:
            key, text = self._field(key, value)
            if text is None:
                self.attribute(key, value)
            else:
                self._told.add(key)
                self._update(key, text)
        except Exception as error:
            _warn(f"{key} of step {self._name!r} was not recorded: {error!r}")

    def attribute(self, key, value):
        """Adds one attribute, best under its OpenTelemetry name."""
        self._update("attributes", f"{{{_name_text(key)}:{_encode(value, self._recording.limit)}}}")

    def usage(self, **counts):
        """input_tokens, output_tokens, cached_tokens, reasoning_tokens, and cost in US dollars."""
        known = {}
        for key, value in counts.items():
            try:
                number = float(value) if key == "cost" else int(value)
                if isinstance(value, (bool, str)) or number != value or not 0 <= number < 1e18:
                    raise ValueError
                known[key] = number
            except Exception:  # Not a count: kept, but not added up.
                if value is not None:
                    self.attribute(f"usage.{key}", value)
        if known:
            self._update("usage", _dumps(known))

    def event(self, name, **attributes):
        """Something that happened now, inside this step."""
        fields = {"type": '"event"', "step": f'"{self.id}"', "name": _name_text(name)}
        fields["time"] = f'"{self._recording.now()}"'
        if attributes:
            fields["attributes"] = _encode(attributes, self._recording.limit)
        self._write(fields)

    def link(self, step_id, run=None):
        """Names another step this one has to do with."""
        link = {"step": str(step_id)} if run is None else {"run": str(run), "step": str(step_id)}
        self._update("links", f"[{_dumps(link)}]")

    def _end(self, status="ok", **texts):
        fields = {"type": '"end"', "id": f'"{self.id}"', "end": f'"{self._recording.now()}"'}
        fields["status"] = f'"{self._end_status or status}"'
        self._write({**fields, **texts})

    def _fail(self, error, **texts):
        self._end_status = None
        try:
            texts["error"] = _error_text(error)
        except Exception:
            pass
        self._end(_status_of(error), **texts)

    def __enter__(self):
        try:
            self._begin()
        except Exception as error:
            _warn(f"step {self._name!r} was not recorded: {error!r}")
        self._token = _current.set(self)
        return self

    def __exit__(self, kind, error, trace):
        _leave(self._token)
        try:
            if error is None:
                self._end()
            else:
                self._fail(error)
        except Exception as failure:
            _warn(f"the end of step {self._name!r} was not recorded: {failure!r}")


class _Nothing:
    """Takes the place of a step while nothing is recorded, and ignores all it is told."""

    id = None

    def __bool__(self):
        return False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def __setattr__(self, name, value):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._ignore

    def _ignore(self, *args, **kwargs):
        return None


_NOTHING = _Nothing()


def _are_messages(text):
    plain = json.loads(text)
    return isinstance(plain, list) and all(
        isinstance(item, dict) and ("$truncated" in item or isinstance(item.get("role"), str)) for item in plain
    )


def _leave(token):
    try:
        _current.reset(token)
    except ValueError:
        # Entered in another context (a coroutine driven by hand): nothing to restore here.
        pass


def step(name, kind="task", **fields):
    """A step around a block: `with step("rank", kind="tool", input=hits) as s: ...`.

    `fields` may be input, model, messages and attributes, and are in the file before the
    block runs. Any other becomes an attribute.
    """
    recording = _active
    if recording is None or getattr(_local, "busy", False):
        return _NOTHING
    return Step(recording, name, str(kind).lower(), fields)


def current_step():
    """The step that runs here, or a stand-in that ignores everything."""
    return _current.get() or _NOTHING


def with_context(function):
    """`function`, with the step that is current now as its parent, for use in a thread.

    Python starts threads and pool workers with an empty context, so their steps would be
    roots. `pool.map(with_context(work), items)` and `Thread(target=with_context(work))`
    keep the parent. All context variables are carried, as asyncio.to_thread does.
    """
    saved = contextvars.copy_context()

    @functools.wraps(function)
    def carried(*args, **kwargs):
        # A copy for each call: one context cannot be entered by two threads at once.
        return saved.copy().run(function, *args, **kwargs)

    return carried


# --- The decorator ------------------------------------------------------------------------


class _Plan:
    """How to record calls of one function."""

    def __init__(self, function, name, kind, capture_input, capture_output, attributes):
        inner = function
        while isinstance(inner, functools.partial):
            inner = inner.func
        qualified = getattr(inner, "__qualname__", None) or type(inner).__qualname__
        self.name = name or qualified.rpartition("<locals>.")[2]
        self.kind = str(kind).lower()
        if self.kind not in KINDS:
            _warn(f"{kind!r} is not a kind of step; {self.name} is recorded as other")
        self.capture_input = capture_input
        self.capture_output = capture_output
        self.attributes = {"code.function.name": f"{getattr(inner, '__module__', '?')}.{qualified}", **(attributes or {})}
        try:
            self.signature = inspect.signature(function)
            first = next(iter(self.signature.parameters), None)
            self.owner = first if first in ("self", "cls") and "." in self.name else None
        except (TypeError, ValueError):
            self.signature = self.owner = None

    def arguments(self, args, kwargs):
        try:
            bound = self.signature.bind(*args, **kwargs)
        except Exception:  # The call itself will say what is wrong.
            return {"args": args, "kwargs": kwargs}
        bound.apply_defaults()
        values = dict(bound.arguments)
        values.pop(self.owner, None)
        return values

    def begin(self, recording, args, kwargs):
        """The step of a call, begun; None when it cannot be recorded."""
        if getattr(_local, "busy", False):
            return None
        try:
            first = {"attributes": self.attributes}
            if callable(self.capture_input):
                first["input"] = self.capture_input(*args, **kwargs)
            elif self.capture_input:
                first["input"] = self.arguments(args, kwargs)
        except Exception as error:
            first["input"] = f"<capture_input raised {type(error).__name__}: {error}>"
        try:
            made = Step(recording, self.name, self.kind, first)
            made._begin()
            return made
        except Exception as error:
            _warn(f"step {self.name!r} was not recorded: {error!r}")
            return None

    def finish(self, made, result):
        try:
            texts = {}
            if self.capture_output and "output" not in made._told:
                if callable(self.capture_output):
                    result = self.capture_output(result)
                texts["output"] = _encode(result, made._recording.limit)
            made._end(**texts)
        except Exception as error:
            made._end(output=_encode(f"<capture_output raised {type(error).__name__}: {error}>"))

    def fail(self, made, error):
        try:
            made._fail(error)
        except Exception as failure:
            _warn(f"the end of step {self.name!r} was not recorded: {failure!r}")


class _Yields:
    """What a generator gave so far, as JSON texts, up to the limit."""

    def __init__(self, plan, made):
        self.plan, self.made = plan, made
        self.texts, self.count, self.left = [], 0, made._recording.limit

    def add(self, value):
        self.count += 1
        if self.plan.capture_output and self.left > 0:
            text = _encode(value, self.left)
            self.texts.append(text)
            self.left -= len(text)

    def end(self, error=None, returned=None):
        """`error` is what left the generator: GeneratorExit means that it was closed early."""
        made, texts = self.made, {}
        try:
            about = {"generator.yielded": self.count}
            if isinstance(error, GeneratorExit):
                about["generator.closed_early"] = True
                error = None
            if returned is not None:
                about["generator.returned"] = returned
            texts["attributes"] = _encode(about, made._recording.limit)
            if self.plan.capture_output and "output" not in made._told:
                try:
                    texts["output"] = self.output()
                except Exception as failure:
                    texts["output"] = _encode(f"<capture_output raised {type(failure).__name__}: {failure}>")
            if error is None:
                made._end(**texts)
            else:
                made._fail(error, **texts)
        except Exception as failure:
            _warn(f"the end of step {self.plan.name!r} was not recorded: {failure!r}")

    def output(self):
        texts, cut = self.texts, len(self.texts) < self.count
        if self.plan.capture_output == "text" and not cut and all(text[0] == '"' for text in texts):
            return _dumps("".join(map(json.loads, texts)))
        if callable(self.plan.capture_output):
            return _encode(self.plan.capture_output([json.loads(text) for text in texts]), self.made._recording.limit)
        if cut:
            texts = texts + [f'{{"$truncated":{{"items":{self.count},"kept":{len(texts)}}}}}']
        return "[" + ",".join(texts) + "]"


def _wrap_function(function, plan):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        recording = _active
        if recording is None:
            return function(*args, **kwargs)
        made = plan.begin(recording, args, kwargs)
        if made is None:
            return function(*args, **kwargs)
        token = _current.set(made)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            _leave(token)
            plan.fail(made, error)
            raise
        _leave(token)
        plan.finish(made, result)
        return result

    return wrapper


def _wrap_coroutine(function, plan):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        recording = _active
        made = None if recording is None else plan.begin(recording, args, kwargs)
        if made is None:
            return await function(*args, **kwargs)
        token = _current.set(made)
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            _leave(token)
            plan.fail(made, error)
            raise
        _leave(token)
        plan.finish(made, result)
        return result

    return wrapper


# A generator runs in the context of whoever asks it for the next value. So the step is
# current only while the generator's own code runs, and never while it waits at a yield.


def _wrap_generator(function, plan):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        recording = _active
        made = None if recording is None else plan.begin(recording, args, kwargs)
        if made is None:
            return (yield from function(*args, **kwargs))
        yields = _Yields(plan, made)
        resume, given = None, None
        try:
            source = function(*args, **kwargs)
            while True:
                token = _current.set(made)
                try:
                    item = source.send(given) if resume is None else resume(given)
                except StopIteration as end:
                    yields.end(returned=end.value)
                    yields = None
                    return end.value
                finally:
                    _leave(token)
                    given = resume = None  # An exception kept here would keep this frame.
                yields.add(item)
                try:
                    given, resume = (yield item), None
                except BaseException as error:
                    given, resume = error, source.throw
        except BaseException as error:
            if yields is not None:
                yields.end(error)
            raise

    return wrapper


def _wrap_async_generator(function, plan):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        recording = _active
        made = None if recording is None else plan.begin(recording, args, kwargs)
        yields = _Yields(plan, made) if made is not None else None
        resume, given = None, None
        try:
            source = function(*args, **kwargs)
            while True:
                token = _current.set(made) if made is not None else None
                try:
                    item = await (source.asend(given) if resume is None else resume(given))
                except StopAsyncIteration:
                    if yields is not None:
                        yields.end()
                        yields = None
                    return
                finally:
                    if token is not None:
                        _leave(token)
                    given = resume = None
                if yields is not None:
                    yields.add(item)
                try:
                    given, resume = (yield item), None
                except BaseException as error:
                    given, resume = error, source.athrow
        except BaseException as error:
            if yields is not None:
                yields.end(error)
            raise

    return wrapper


def chain_step(function=None, *, name=None, kind="task", capture_input=True, capture_output=True, attributes=None):
    """Records each call of a function as a step: plain, async, generator, async generator.

    `capture_input` and `capture_output` are True, False, or a function: the first gets the
    arguments of the call, the second what came back (for a generator, the list of values),
    and what it returns is recorded. `capture_output="text"` joins the texts a generator
    yields into one.
    """
    if function is None:
        return functools.partial(
            chain_step,
            name=name,
            kind=kind,
            capture_input=capture_input,
            capture_output=capture_output,
            attributes=attributes,
        )
    options = (name, kind, capture_input, capture_output, attributes)
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(chain_step(function.__func__, **dict(zip(_OPTIONS, options))))
    if inspect.isclass(function) or not callable(function):
        raise TypeError("chain_step decorates functions and methods, not classes or values")
    plan = _Plan(function, *options)
    if inspect.isasyncgenfunction(function):
        return _wrap_async_generator(function, plan)
    if inspect.iscoroutinefunction(function):
        return _wrap_coroutine(function, plan)
    if inspect.isgeneratorfunction(function):
        return _wrap_generator(function, plan)
    return _wrap_function(function, plan)


_OPTIONS = ("name", "kind", "capture_input", "capture_output", "attributes")


# --- Switched on from outside -------------------------------------------------------------


def _start_from_environment():
    """CHAINDEBUG_FILE names the file. A program started by a recorded one inherits the
    variable, so it joins the run with a file of its own instead of replacing the first."""
    path = os.environ.get("CHAINDEBUG_FILE")
    if not path:
        return
    program = os.path.basename(sys.argv[0]) if sys.argv and sys.argv[0] not in ("", "-c", "-m") else "python"
    owner, _, run_id = os.environ.get("CHAINDEBUG_RUN", "").partition(":")
    if run_id and owner != str(os.getpid()):
        start(path, program, run_id=run_id, joins=True)
    else:
        # The same process again: it replaced its program (os.exec), and goes on in its file.
        recording = start(path, program, append=bool(run_id))
        os.environ["CHAINDEBUG_RUN"] = f"{os.getpid()}:{recording.run_id}"


_start_from_environment()
