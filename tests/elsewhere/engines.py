"""Runs SQL on DuckDB, ClickHouse or Spark for the tests: a request as a line of JSON on stdin, its answer on stdout.

    python engines.py DuckDB program.py

`program.py` is the block of docs/elsewhere.md that loads `calls.arrows` of the working folder. A request is
`{"load": true}`, which runs that program, or `{"query": "select …"}`. An answer is `{"rows": […]}` or `{"error": "…"}`.
Not here: expectations.
"""

import datetime
import decimal
import json
import math
import os
import sys

engine, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    program = compile(file.read(), path, "exec")
# What the program and the engines print goes to stderr: stdout has the answers.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
names = {}


def duckdb_rows(sql):
    import duckdb

    calls = names["calls"]  # noqa: F841, DuckDB finds tables among the variables
    found = duckdb.sql(sql)
    return [dict(zip(found.columns, row)) for row in found.fetchall()]


def clickhouse_rows(sql):
    found = names["database"].query(sql, "JSONEachRow")
    return [json.loads(line) for line in str(found).splitlines()]


def spark_rows(sql):
    return [row.asDict(recursive=True) for row in names["spark"].sql(sql).collect()]


rows_of = {"DuckDB": duckdb_rows, "ClickHouse": clickhouse_rows, "Spark": spark_rows}[engine]


def plain(value):
    """A value as JSON has it. A date, which no statement of the page gives, is refused."""
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, (datetime.date, bytes)):
        raise TypeError(f"a statement gave {value!r}")
    return value


def answer(request):
    if "load" in request:
        exec(program, names)
        return {"rows": []}
    rows = rows_of(request["query"])
    return {"rows": [{name: plain(value) for name, value in row.items()} for row in rows]}


for line in sys.stdin:
    try:
        said = answer(json.loads(line))
    except Exception as error:  # the test fails with its text
        said = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(said, allow_nan=False), file=answers, flush=True)
