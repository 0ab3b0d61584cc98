"""Other indexes on the vectors that IndexBench wrote, and the report of all of them; see peers.sh. Rates are for each second of one core.

peers.py truth FOLDER DIMENSION            the exact answers, as truth.i32
peers.py faiss|hnswlib FOLDER DIMENSION    Debian's builds
peers.py pgvector FOLDER DIMENSION HOST    a server of eng/postgres.sh
peers.py report LINES DOCS ROWS            the table, and the curves as PNG
"""
import io
import math
import os
import re
import sys
import time

import numpy as np

LIMIT, ROUNDS = 10, 8
EFFORTS = (10, 16, 24, 32, 48, 64, 96, 128, 256)
SHARES = (2, 20, 200, 2000)


def read(folder, name, dimension):
    vectors = np.fromfile(f"{folder}/{name}.f32", np.float32).reshape(-1, dimension)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def nearest(base, queries, rows=None):
    scores = queries @ (base if rows is None else base[rows]).T
    found = np.argsort(-scores, axis=1)[:, :LIMIT]
    return found if rows is None else rows[found]


def recall(truth, found):
    return sum(len(set(a) & set(b)) for a, b in zip(truth, found)) / sum(len(row) for row in truth)


def rate(action, count, clock=time.process_time):
    began = clock()
    result = action()
    return result, count / max(clock() - began, 1e-6)


def faiss_flat(base, queries):
    import faiss
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(base.shape[1])
    index.add(base)
    _, one = rate(lambda: [index.search(query[None], LIMIT) for query in queries], len(queries))
    _, batch = rate(lambda: [index.search(queries[i:i + 64], LIMIT) for i in range(0, len(queries), 64)], len(queries))
    print(f"exact, one query {one:.1f} q/s recall@10 1.0000\nexact, batch of 64 {batch:.1f} q/s", flush=True)


def hnswlib_debian(folder, base, queries, truth):
    import hnswlib
    index = hnswlib.Index("ip", base.shape[1])
    index.init_index(len(base), M=16, ef_construction=200)
    _, build = rate(lambda: index.add_items(base, np.arange(len(base)), num_threads=1), len(base))
    index.save_index(f"{folder}/hnswlib.bin")
    print(f"hnsw {build:.0f} rows/s to build, {os.path.getsize(f'{folder}/hnswlib.bin') / 1e6:.0f} MB", flush=True)
    for ef in EFFORTS:
        index.set_ef(ef)
        found, speed = rate(lambda: [index.knn_query(queries, LIMIT, num_threads=1)[0] for _ in range(ROUNDS)], ROUNDS * len(queries))
        print(f"hnsw, ef {ef} {speed:.0f} q/s recall@10 {recall(truth, found[0]):.4f}", flush=True)


def text_of(vector):
    return "[" + ",".join(f"{value:.7g}" for value in vector) + "]"


def pgvector(base, queries, truth, host):
    import psycopg2
    connection = psycopg2.connect(host=host, user="postgres", dbname="postgres")
    connection.autocommit = True
    sql = connection.cursor()

    def server_clock():
        with open(f"/proc/{connection.info.backend_pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9

    columns = ", ".join(f"one_in_{share} boolean" for share in SHARES)
    sql.execute("CREATE EXTENSION IF NOT EXISTS vector;"
                f" CREATE TABLE items (id int PRIMARY KEY, {columns}, embedding vector({base.shape[1]}))")
    lines = io.StringIO("".join(
        "\t".join([str(row), *("t" if row % share == 0 else "f" for share in SHARES), text_of(vector)]) + "\n"
        for row, vector in enumerate(base)))
    sql.execute("SET max_parallel_maintenance_workers = 0; SET max_parallel_workers_per_gather = 0;"
                " SET maintenance_work_mem = '1GB'; SET jit = off")
    _, copied = rate(lambda: sql.copy_expert("COPY items FROM STDIN", lines), len(base), server_clock)
    _, build = rate(lambda: sql.execute(
        "CREATE INDEX ON items USING hnsw (embedding vector_cosine_ops) WITH (m = 16, ef_construction = 200)"), len(base), server_clock)
    sql.execute("ANALYZE items; SELECT pg_total_relation_size('items')")
    size = sql.fetchone()[0]
    print(f"copy {copied:.0f} rows/s to write\nhnsw {build:.0f} rows/s to build, {size / 1e6:.0f} MB", flush=True)
    texts = [text_of(query) for query in queries]

    def statement(where, candidates):
        nearest = f"FROM items {where} ORDER BY embedding <=> %s LIMIT {candidates}"
        return f"SELECT id {nearest}" if candidates == LIMIT else (
            f"SELECT id FROM (SELECT id, embedding <=> %s AS distance {nearest}) AS n ORDER BY distance + 0 LIMIT {LIMIT}")

    def search(where, candidates=LIMIT):
        found = []
        for text in texts:
            query = statement(where, candidates)
            sql.execute(query, (text,) * query.count("%s"))
            found.append([row[0] for row in sql.fetchall()])
        return found

    for ef in EFFORTS:
        sql.execute(f"SET hnsw.ef_search = {ef}")
        found, speed = rate(lambda: search(""), len(texts), server_clock)
        print(f"hnsw, ef {ef} {speed:.0f} q/s recall@10 {recall(truth, found):.4f}", flush=True)
    sql.execute("SET hnsw.ef_search = 64")
    for share in SHARES:
        allowed = np.arange(0, len(base), share)
        expected = nearest(base, queries, allowed)
        where = f"WHERE one_in_{share}"
        for mode, scans, candidates, name in (
                ("relaxed_order", "on", 4 * LIMIT, "as planned, as PgVectorIndexer asks"),
                ("relaxed_order", "off", 4 * LIMIT, "graph, as PgVectorIndexer asks"),
                ("strict_order", "off", LIMIT, "graph, iterative_scan strict_order"),
                ("off", "off", LIMIT, "graph, iterative_scan off")):
            sql.execute(f"SET hnsw.iterative_scan = {mode}; SET enable_seqscan = {scans}")
            query = statement(where, candidates)
            sql.execute(f"EXPLAIN {query}", (texts[0],) * query.count("%s"))
            plan = "graph" if "Index Scan using items_embedding" in str(sql.fetchall()) else "table"
            found, speed = rate(lambda: search(where, candidates), len(texts), server_clock)
            count = sum(map(len, found)) / len(found)
            print(f"{name}, one in {share} {speed:.0f} q/s recall@10 {recall(expected, found):.4f},"
                  f" {count:.1f} of {expected.shape[1]}, by the {plan}", flush=True)


def at(points, target):
    """The rate at a recall: between two settings by their logarithms; that of the fastest where all, none where none reaches it."""
    for (r0, s0), (r1, s1) in zip(points, points[1:]):
        if r0 <= target <= r1 and r1 > r0:
            return math.exp(math.log(s0) + (math.log(s1) - math.log(s0)) * (target - r0) / (r1 - r0))
    return points[0][1] if points and points[0][0] > target else None


def median(values):
    return float(np.median(values)) if values else None


def show(value):
    return "–" if value is None else f"{value:,.0f}"


def report(path, docs, rows):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    curves, filters, facts = {}, {}, {}
    for line in open(path):
        name, text = line.rstrip("\n").split(": ", 1)
        if name == "FlowKit":
            name += " " + (re.search(r"float16|int8", text.lower()) or ["float32"])[0]
        reached = re.search(r"recall@10 ([\d.]+)", text)
        if found := re.search(r"ef +(\d+) +([\d.]+) q/s", text):
            curves.setdefault(name, {}).setdefault(int(found[1]), []).append((float(reached[1]), float(found[2])))
        elif found := re.search(r"^(.*), one in +(\d+) +([\d.]+) q/s.*?([\d.]+) of (\d+)", text):
            kind = found[1] if name == "pgvector" else {"exact": "exact"}.get(found[1], "hnsw")
            runs = filters.setdefault(f"{name} {kind}", {}).setdefault(int(found[2]), [])
            runs.append((float(reached[1]), float(found[3]), float(found[4])))
        for key, pattern in (("build", r"([\d.]+) rows/s to build"), ("disk", r"([\d.]+) MB"),
                             ("one", r"^(?:exact|float16), one query +([\d.]+) q/s|^int8 and rescoring +([\d.]+) q/s"),
                             ("batch", r"^(?:exact|float16), batch of 64 +([\d.]+) q/s")):
            if found := re.search(pattern, text):
                facts.setdefault(name, {}).setdefault(key, []).append(float(found[found.lastindex]))
    curves = {name: [tuple(np.median(runs, axis=0)) for _, runs in sorted(points.items())] for name, points in curves.items()}
    filters = {name: {share: tuple(np.median(runs, axis=0)) for share, runs in points.items()} for name, points in filters.items()}
    print("| index | build, rows/s | q/s at .95 | q/s at .99 | exact, one query | exact, batch of 64 | disk, MB |")
    print("|---" * 7 + "|")
    for name in sorted(set(curves) | set(facts)):
        known, points = facts.get(name, {}), curves.get(name, [])
        print("| " + " | ".join([name, show(median(known.get("build"))), show(at(points, .95)), show(at(points, .99)),
                                 *(show(median(known.get(key))) for key in ("one", "batch", "disk"))]) + " |")
    print("\n| filter | " + " | ".join(f"{100 / share:g} %" for share in SHARES) + " |")
    print("|---" * (1 + len(SHARES)) + "|")
    for name, points in sorted(filters.items()):
        cells = [f"{points[share][1]:,.0f} q/s, {points[share][0]:.3f}, {points[share][2]:.1f}" for share in SHARES]
        print(f"| {name} | " + " | ".join(cells) + " |")
    draw(pyplot, curves, filters, docs, rows)


def draw(pyplot, curves, filters, docs, rows):
    pyplot.rcParams.update({"font.size": 8, "axes.grid": True, "grid.alpha": .3})
    rates, line = "queries for each second of one core", {"marker": "o", "markersize": 3, "linewidth": 1}
    figure, axes = pyplot.subplots(figsize=(6, 3.6))
    for name, points in sorted(curves.items()):
        enough = next((i for i, point in enumerate(points) if point[0] >= .9995), len(points))
        axes.plot(*zip(*points[:enough + 1]), label=name, **line)
    axes.set(xlabel="recall@10", ylabel=rates, yscale="log", title=f"{rows} x 512, M 16, ef_construction 200")
    axes.legend(fontsize=7, loc="center left")
    figure.tight_layout()
    figure.savefig(f"{docs}/index-recall.png", dpi=110)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 4))
    for name, points in sorted(filters.items()):
        shares = [share for share in SHARES if share in points]
        for axes, at_point in ((left, 1), (right, 0)):
            axes.plot([100 / share for share in shares], [points[share][at_point] for share in shares], label=name, **line)
    for axes, label in ((left, rates), (right, "recall@10")):
        axes.set(xlabel="documents that the filter holds for, %", ylabel=label, xscale="log")
    left.set(yscale="log", title=f"{rows} x 512, ef 64")
    right.set(ylim=(-.03, 1.03))
    figure.legend(*left.get_legend_handles_labels(), loc="lower center", ncol=2, fontsize=7)
    figure.tight_layout(rect=(0, .17, 1, 1))
    figure.savefig(f"{docs}/index-filters.png", dpi=110)


def main(action, folder, *rest):
    if action == "report":
        return report(folder, *rest)
    base, queries = (read(folder, name, int(rest[0])) for name in ("base", "query"))
    if action == "truth":
        return nearest(base, queries).astype(np.int32).tofile(f"{folder}/truth.i32")
    truth = np.fromfile(f"{folder}/truth.i32", np.int32).reshape(-1, LIMIT)
    if action == "faiss":
        faiss_flat(base, queries)
    elif action == "hnswlib":
        hnswlib_debian(folder, base, queries, truth)
    else:
        pgvector(base, queries, truth, rest[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
