"""Brings docs/evidence.md and the figures in SECURITY.md up to date with what a run of `./test soak` printed.

Where some of the proofs ran, a row that was measured again replaces the one of the same code and the same words, and the others stay, each with
its own date and commit. Arguments: the output of the run, whether `all` proofs ran or `some`, docs/evidence.md, SECURITY.md, the commit, and the
machine. No failure in n trials means a probability under
3/n, at a confidence of 95 %.
"""

import datetime
import re
import sys

HEAD = """# Evidence

The figures that the proofs of [SECURITY.md](../SECURITY.md) measured in `./test soak`, which writes this file. Only figures that were measured are here.
A code is that of a comment above a test in `tests`. Where chance decides (a race, a kill, random input), no failure in n trials means that the probability of a failure is under 3/n, at a confidence
of 95 %. Where there is a table, every case of it was tried. The last column says when a row was measured, and with which commit; a later run of some proofs leaves the rows of the others.

- The last run: {machine}, dev profile

| code | what was tried | trials | failures | a failure is rarer than | measured |
|---|---|---|---|---|---|
"""


def key(code, what):
    """The row without its figures, which differ from run to run."""
    return code, re.sub(r"\d[\d.,]*", "#", what)


def rows_of(text):
    """The rows of a document as this program writes it."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and re.match(r"[A-Z]\d", cells[0]):
            found[key(cells[0], cells[1])] = cells
    return found


def measured(output, when):
    """The rows that a run printed."""
    found = {}
    for line in re.findall(r"MEASURED\|.*", output):
        _, code, what, trials, failures, by = line.split("|")
        rarer = "every case" if by.strip() == "table" else f"{300 / int(trials):.2g} %"
        found[key(code, what)] = [code, what, trials, failures, rarer, when]
    return found


def with_figures(text, rows):
    """SECURITY.md with the sums of the rows of each code."""
    sums = {}
    for code, _, trials, failures, _, _ in rows:
        before = sums.get(code, (0, 0))
        sums[code] = before[0] + int(failures), before[1] + int(trials)

    def figure(found):
        code = found.group(1)
        if code not in sums:
            return found.group(0)
        failures, trials = sums[code]
        return f"{code}: {failures:,} of {trials:,}"

    lines = []
    for line in text.splitlines():
        if line.startswith("|") and line.endswith("|"):
            begin, _, last = line[:-1].rpartition("|")
            line = begin + "|" + re.sub(r"((?:[A-Z]\d+, )*[A-Z]\d+): [\d,]+ of [\d,]+", figure, last) + "|"
        lines.append(line)
    return "\n".join(lines) + "\n"


def main():
    output, which, evidence, security, commit, machine = sys.argv[1:]
    with open(output, encoding="utf-8", errors="replace") as file:
        new = measured(file.read(), f"{datetime.datetime.now(datetime.timezone.utc):%F}, {commit}")
    if not new:
        sys.exit("nothing was measured")
    with open(evidence, encoding="utf-8") as file:
        rows = {} if which == "all" else rows_of(file.read())
    rows.update(new)
    rows = [rows[one] for one in sorted(rows)]
    with open(evidence, "w", encoding="utf-8") as file:
        file.write(HEAD.format(machine=machine))
        file.writelines("| " + " | ".join(cells) + " |\n" for cells in rows)
    with open(security, encoding="utf-8") as file:
        text = file.read()
    with open(security, "w", encoding="utf-8") as file:
        file.write(with_figures(text, rows))


main()
