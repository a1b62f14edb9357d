#!/usr/bin/env python3
"""Copies the fragments of a small workspace many times over, for the bench of the generator: each copy has its own
resources, paths and types.

documents.py OUT OPERATIONS: writes OUT/openapi/ with that many operations.
"""

import re
import sys
from pathlib import Path

# It has ten operations, whatever the API grows to.
source = Path(__file__).resolve().parents[2] / "build-tools/tests/fixture/workspace"
out, wanted = Path(sys.argv[1]) / "openapi", int(sys.argv[2])
root = (source / "prolific.yaml").read_text()
listed = re.findall(r"^  - (\S+\.yaml)$", root, re.M)
fragments = {name: (source / name).read_text() for name in listed}
operations = sum(len(re.findall(r"^ +operationId:", text, re.M)) for text in fragments.values())
resources = [name for name, text in fragments.items() if "operationId:" in text]
if operations == 0 or wanted % operations:
    sys.exit(f"{wanted} is not a multiple of the {operations} operations of the small workspace")


def copy(text: str, number: int) -> str:
    """With the number in each name that the fragment gives."""
    schemas = re.findall(r"^    ([A-Z]\w+):$", text, re.M)
    text = re.sub(rf"(?<![\w/])({'|'.join(schemas)}):$", rf"\g<1>Of{number}:", text, flags=re.M)
    text = re.sub(r'"(#/components/\w+/\w+)"', rf'"\g<1>Of{number}"', text)
    text = re.sub(r"^  (/api/v1/[\w-]+)/", rf"  \g<1>-{number}/", text, flags=re.M)
    tag = re.search(r"^  - name: ([\w-]+)$", text, re.M).group(1)
    text = re.sub(rf"(- name: |tags: \[){tag}\b", rf"\g<1>{tag}-{number}", text)
    # An operation's id begins with its tag.
    resource = tag.replace("-", "_")
    return text.replace(f"operationId: {resource}_", f"operationId: {resource}_{number}_")


out.mkdir(parents=True)
for name, text in fragments.items():
    if name not in resources:
        (out / name).write_text(text)
names = []
for number in range(wanted // operations):
    for name in resources:
        names.append(name.replace(".yaml", f"-{number}.yaml"))
        (out / names[-1]).write_text(copy(fragments[name], number))
list_of_all = "".join(f"  - {name}\n" for name in [n for n in listed if n not in resources] + names)
(out / "prolific.yaml").write_text(re.sub(r"(?:^  - \S+\.yaml\n)+", list_of_all, root, flags=re.M))
