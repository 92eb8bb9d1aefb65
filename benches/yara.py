#!/usr/bin/env python3
"""The built-in needles as YARA rules, looked for in every file of a folder: a yardstick for `interdict scan`.

  pip install yara-x; benches/yara.py FOLDER
"""
import pathlib
import resource
import sys
import tomllib

try:
    import yara_x
except ImportError:
    sys.exit(69)  # EX_UNAVAILABLE: who measures us sees no figure, not a small one

DATA = pathlib.Path(__file__).parent.parent / "crates/catalog/data"
SHORTEST = 4
A_RULE = 5


def texts(when):
    """Every text that a `content` line asks for."""
    if isinstance(when, list):
        for part in when:
            yield from texts(part)
    elif isinstance(when, dict):
        for kind, asked in when.items():
            if kind != "content":
                yield from texts(asked)
                continue
            for key, value in (asked if isinstance(asked, dict) else {"": asked}).items():
                if key not in ("then", "at", "line"):
                    yield from (text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str))


def escaped(text):
    plain = lambda char: " " <= char <= "~" and char not in '"\\'
    return "".join(char if plain(char) else "".join(f"\\x{byte:02x}" for byte in char.encode()) for char in text)


def spent():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


rules = (rule for file in sorted(DATA.rglob("*.toml")) for rule in tomllib.loads(file.read_text()).get("rule", []))
wanted = sorted({text for rule in rules for text in texts(rule.get("when")) if len(text) >= SHORTEST})
source = "\n".join(
    f"rule r{at} {{ strings:\n"
    + "".join(f'$s{n} = "{escaped(text)}" ascii wide nocase\n' for n, text in enumerate(wanted[at : at + A_RULE]))
    + "condition: any of them }"
    for at in range(0, len(wanted), A_RULE)
)
scanner = yara_x.Scanner(yara_x.compile(source))
size, before = 0, spent()
for file in pathlib.Path(sys.argv[1]).rglob("*"):
    if file.is_file() and not file.is_symlink():
        size += file.stat().st_size
        scanner.scan_file(str(file))
print(f"{len(wanted)} texts, {size / 1e6:.0f} MB, {spent() - before:.2f} s of processor time")
