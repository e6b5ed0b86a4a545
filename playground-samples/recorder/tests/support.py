"""What the tests share: paths, the schema, reading back a recorded file."""

import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.exit("The tests need jsonschema: pip install -r requirements-test.txt")

HERE = pathlib.Path(__file__).resolve().parent
RECORDER = HERE.parent
ROOT = RECORDER.parent.parent
SCHEMA = json.loads((ROOT / "docs" / "chaindebug-trace.schema.json").read_text(encoding="utf-8"))

sys.path.insert(0, str(RECORDER))

_validator = jsonschema.Draft202012Validator(SCHEMA)


def validator():
    return _validator


def check(test, value, where=""):
    """Fails the test with the deepest complaint when the value is not in the format."""
    if _validator.is_valid(value):
        return
    error = jsonschema.exceptions.best_match(_validator.iter_errors(value))
    test.fail(f"{where} {error.json_path}: {error.message}\n{json.dumps(value)[:600]}")
