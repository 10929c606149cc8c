"""Writes user lists with other people's programs: Python's csv, openpyxl, odfpy and pandas. Reads jobs as JSON from stdin."""

import csv
import json
import sys

import openpyxl
import pandas
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P


def groups(job):
    """The headings above the header, each over the columns from its own to the next one: (heading, first, last); none for other titles."""
    above = job["above"][0] if job["above"] else []
    if len(above) != len(job["header"]) or len(above) == 1:
        return []
    begins = [at for at, text in enumerate(above) if text]
    return [(above[at], at, next_at - 1) for at, next_at in zip(begins, begins[1:] + [len(above)])]


def write_csv(job):
    with open(job["path"], "w", newline="", encoding=job["encoding"]) as out:
        quoting = csv.QUOTE_ALL if job["quoted"] else csv.QUOTE_MINIMAL
        csv.writer(out, delimiter=job["delimiter"], quoting=quoting).writerows(job["above"] + [job["header"]] + job["rows"])


def write_xlsx(job):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in job["above"] + [job["header"]] + job["rows"]:
        sheet.append([cell or None for cell in row])
    title = [("", 0, len(job["header"]) - 1)] if job["above"] else []
    for _, first, last in groups(job) or title:
        if last > first:
            sheet.merge_cells(start_row=1, start_column=first + 1, end_row=1, end_column=last + 1)
    book.save(job["path"])


def write_ods(job):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Users")
    for row in job["above"] + [job["header"]] + job["rows"]:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string") if text else TableCell()
            for part in text.split("\n") if text else []:
                cell.addElement(P(text=part))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(job["path"])


def write_html(job):
    pandas.set_option("display.max_colwidth", None)
    headings = [text for text, first, last in groups(job) for _ in range(first, last + 1)]
    header = pandas.MultiIndex.from_arrays([headings, job["header"]]) if headings else job["header"]
    frame = pandas.DataFrame(job["rows"], columns=header)
    table = frame.to_html(index=job["quoted"], border=0)
    count = f"<p>Showing <b>1</b> to {len(job['rows'])} of {len(job['rows'])} entries</p>"
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Users</title></head><body><h1>Users</h1>{table}{count}</body></html>"
    with open(job["path"], "w", encoding="utf-8") as out:
        out.write(page)


WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "ods": write_ods, "html": write_html}
for job in json.load(sys.stdin):
    WRITERS[job["kind"]](job)
