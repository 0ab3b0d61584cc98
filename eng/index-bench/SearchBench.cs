using System.Globalization;
using FlowKit.Executors;
using FlowKit.Executors.Graph;
using FlowKit.Executors.Scan;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.IndexBench;

/// <summary>Each kind of search over the same vectors.</summary>
internal static class SearchBench
{
    private const int Limit = 10;
    private const int Batch = 64;
    private static readonly int[] Shares = [2, 20, 200, 2000];

    public static void Run(int rows, int dimension, string? folder, TextWriter output)
    {
        var clusters = new Clusters(rows / Clusters.Size, dimension);
        var vectors = clusters.Make(rows, seed: 1);
        List<Document> queries = [.. clusters.Make(2 * Batch, seed: 2).Select(vector => new Document { Embedding = NdArray.Wrap(vector) })];
        if (folder is not null)
        {
            Write(Path.Combine(folder, "base.f32"), vectors);
            Write(Path.Combine(folder, "query.f32"), queries.Select(query => query.Embedding!.ToFloats()));
        }

        var exact = Fill(vectors, new StoreOptions(), out _);
        var truth = Search(exact, queries, new VectorSearch { Limit = Limit });
        var stream = StreamRate((long)rows * dimension);
        var one = Rate(exact, queries, 1, new VectorSearch { Limit = Limit });
        var bytes = (double)rows * dimension * sizeof(float);
        Print(output, $"rows {rows}, dimension {dimension}; rates for each second of one core");
        Print(output, $"stream read           {stream / 1e9,8:F2} GB/s");
        Print(output, $"exact, one query      {one,8:F1} q/s   {one * bytes / 1e9:F2} GB/s, {one * bytes / stream:F2} of the stream");
        var batch = Rate(exact, queries, Batch, new VectorSearch { Limit = Limit });
        Print(output, $"exact, batch of {Batch}    {batch,8:F1} q/s   {batch / one:F2} times one by one");
        var allowed = Shares.Select(share => (share, Every(share, rows))).ToList();
        Filter(output, "exact", exact, queries, allowed, exact);

        var half = Fill(vectors, new StoreOptions(Precision: VectorPrecision.Float16), out _);
        var float16 = Rate(half, queries, 1, new VectorSearch { Limit = Limit });
        var halfRecall = Recall(truth, Search(half, queries, new VectorSearch { Limit = Limit }));
        Print(output, $"float16, one query    {float16,8:F1} q/s   {float16 / one:F2} times float32, recall@{Limit} {halfRecall:F4}");
        var halfBatch = Rate(half, queries, Batch, new VectorSearch { Limit = Limit });
        Print(output, $"float16, batch of {Batch}  {halfBatch,8:F1} q/s   {halfBatch / batch:F2} times float32");

        var narrow = Fill(vectors, new StoreOptions(Precision: VectorPrecision.Int8), out _);
        var int8 = Rate(narrow, queries, 1, new VectorSearch { Limit = Limit });
        var recall = Recall(truth, Search(narrow, queries, new VectorSearch { Limit = Limit }));
        Print(output, $"int8 and rescoring    {int8,8:F1} q/s   {int8 / one:F2} times float32, recall@{Limit} {recall:F4}");

        foreach (var precision in (VectorPrecision[])[VectorPrecision.Float32, VectorPrecision.Float16])
        {
            var graph = Graph(output, vectors, queries, truth, precision);
            Filter(output, $"hnsw {precision}", graph, queries, allowed, exact);
        }
    }

    private static IndexMemory Graph(
        TextWriter output, List<float[]> vectors, List<Document> queries, List<List<RowHit>> truth, VectorPrecision precision)
    {
        var graph = Fill(vectors, new StoreOptions(Precision: precision, Graph: new GraphOptions(16, 200, 64)), out var build);
        Print(output, $"hnsw {precision}, M 16, ef 200 {vectors.Count / build,5:F0} rows/s to build");
        foreach (var effort in (int[])[10, 16, 24, 32, 48, 64, 96, 128, 256])
        {
            var search = new VectorSearch { Limit = Limit, Effort = effort };
            var recall = Recall(truth, Search(graph, queries, search));
            Print(output, $"hnsw {precision}, ef {effort,4} {Rate(graph, queries, 1, search),8:F0} q/s   recall@{Limit} {recall:F4}");
        }

        return graph;
    }

    private static void Write(string path, IEnumerable<float[]> vectors)
    {
        using var file = File.Create(path);
        foreach (var vector in vectors)
        {
            file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()));
        }
    }

    /// <summary>Searches that a share of the rows may answer, beside the exact ones.</summary>
    private static void Filter(
        TextWriter output, string name, IndexMemory memory, List<Document> queries, List<(int Share, RowSet Rows)> allowed, IndexMemory exact)
    {
        foreach (var (share, set) in allowed)
        {
            var search = new VectorSearch { Limit = Limit, Effort = 64 };
            List<List<RowHit>> found = [];
            var seconds = CpuClock.Measure(() => found = [.. queries.Select(query => memory.Search([query], search, set)[0])]);
            List<List<RowHit>> truth = [.. queries.Select(query => exact.Search([query], search, set)[0])];
            Print(
                output,
                $"{name}, one in {share,5}    {queries.Count / seconds,8:F0} q/s   recall@{Limit} {Recall(truth, found):F4}, {found.Average(hits => hits.Count):F1} of {Math.Min(Limit, set.Count)}");
        }
    }

    private static RowSet Every(int share, int rows)
    {
        var set = new RowSet(rows);
        for (var row = 0; row < rows; row += share)
        {
            set.Add(row);
        }

        return set;
    }

    private static void Print(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static IndexMemory Fill(List<float[]> vectors, StoreOptions options, out double seconds)
    {
        var memory = new IndexMemory(new VectorStamp(vectors[0].Length, ""), options);
        seconds = CpuClock.Measure(() =>
        {
            for (var i = 0; i < vectors.Count; i++)
            {
                memory.Set(new IndexRow(i, i.ToString(CultureInfo.InvariantCulture), [], vectors[i]), document: null);
            }
        });
        return memory;
    }

    private static List<List<RowHit>> Search(IndexMemory memory, List<Document> queries, VectorSearch search) =>
        [.. queries.Select(query => memory.Search([query], search, rows: null)[0])];

    private static double Rate(IndexMemory memory, List<Document> queries, int batch, VectorSearch search)
    {
        const int Rounds = 8;
        for (var warm = 0; warm < 2; warm++)
        {
            Array.ForEach([.. queries.Chunk(batch)], part => memory.Search(part, search, rows: null));
        }

        var seconds = CpuClock.Measure(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var part in queries.Chunk(batch))
                {
                    memory.Search(part, search, rows: null);
                }
            }
        });
        return Rounds * queries.Count / seconds;
    }

    private static double Recall(List<List<RowHit>> truth, List<List<RowHit>> found) =>
        truth.Zip(found, (left, right) => left.Select(hit => hit.Row).Intersect(right.Select(hit => hit.Row)).Count()).Sum()
            / (double)truth.Sum(hits => hits.Count);

    /// <summary>Sums floats as fast as one core can.</summary>
    private static double StreamRate(long length)
    {
        var block = new float[Math.Min(length, 64 << 20)];
        Array.Fill(block, 1);
        var best = 0.0;
        for (var round = 0; round < 5; round++)
        {
            var sum = 0f;
            var seconds = CpuClock.Measure(() => sum = System.Numerics.Tensors.TensorPrimitives.Sum<float>(block));
            best = Math.Max(best, sum > 0 && seconds > 0 ? block.Length * (double)sizeof(float) / seconds : 0);
        }

        return best;
    }
}
