using System.Diagnostics;
using System.Globalization;
using FlowKit.Executors;
using FlowKit.Executors.Graph;
using FlowKit.VectorStores;

namespace FlowKit.IndexBench;

/// <summary>A whole index in a folder: written, closed, opened again by another process, searched; with the memory that each took.</summary>
internal static class StoreBench
{
    private const int Batch = 1000;
    private const int ClusterSize = 50;
    private const int Searches = 20;

    /// <summary>Writes an index and closes it.</summary>
    public static async Task WriteAsync(string folder, int rows, int dimension, bool graph, TextWriter output)
    {
        Directory.CreateDirectory(folder);
        var clock = Stopwatch.StartNew();
        var store = SqliteVectorStore.Acquire(folder, Options(graph));
        var cpu = CpuClock.Measure(() =>
        {
            for (var first = 0; first < rows; first += Batch)
            {
                store.UpsertAsync([.. Enumerable.Range(first, Math.Min(Batch, rows - first)).Select(row => Make(row, dimension))], default)
                    .AsTask().GetAwaiter().GetResult();
            }
        });
        Print(output, $"written    {rows,9} rows in {clock.Elapsed.TotalSeconds,7:F1} s, {rows / cpu,8:F0} rows for each second of one core");
        clock.Restart();
        await store.DisposeAsync();
        Print(output, $"closed     in {clock.Elapsed.TotalSeconds:F1} s; {IndexFolder.SizeOf(folder) / 1e6:F0} MB on the disk; {Memory()}");
    }

    /// <summary>Opens an index and searches it.</summary>
    public static async Task OpenAsync(string folder, int rows, int dimension, bool graph, TextWriter output)
    {
        var query = Make(rows / 2, dimension);
        var clock = Stopwatch.StartNew();
        SqliteVectorStore? open = null;
        var openCpu = CpuClock.Measure(() => open = SqliteVectorStore.Acquire(folder, Options(graph)));
        await using var store = open!;
        var opened = clock.Elapsed.TotalSeconds;
        IReadOnlyList<DocumentArray> found = [];
        var firstCpu = CpuClock.Measure(() => found = store.SearchAsync([query], new VectorSearch(), default).AsTask().GetAwaiter().GetResult());
        Print(output, $"opened     {(await store.GetStatusAsync(default)).Count} rows in {opened:F2} s ({openCpu:F2} s of one core), first answer after {clock.Elapsed.TotalSeconds:F2} s ({openCpu + firstCpu:F2} s of one core): {found[0][0].Id}; {Memory()}");
        foreach (var exact in graph ? [false, true] : (bool[])[true])
        {
            clock.Restart();
            for (var i = 0; i < Searches; i++)
            {
                await store.SearchAsync([Make(i * (rows / Searches), dimension)], new VectorSearch { Exact = exact }, default);
            }

            Print(output, $"{(exact ? "exact" : "hnsw"),-10} {clock.Elapsed.TotalMilliseconds / Searches,9:F1} ms for a search");
        }

        clock.Restart();
        await store.SearchWordsAsync([new Document { Text = string.Create(CultureInfo.InvariantCulture, $"number{rows / 3} seven") }], new VectorSearch(), default);
        Print(output, $"words      {clock.Elapsed.TotalMilliseconds,9:F1} ms for a search; {Memory()}");
    }

    private static StoreOptions Options(bool graph) =>
        new(TextFields: "text", MemmapThreshold: 50_000, Graph: graph ? new GraphOptions(16, 100, 64) : null);

    private static Document Make(int row, int dimension)
    {
        var (center, own) = (new Random(row / ClusterSize), new Random(~row));
        var vector = new float[dimension];
        for (var i = 0; i < dimension; i++)
        {
            vector[i] = center.NextSingle() - 0.5f + ((own.NextSingle() - 0.5f) / 2);
        }

        return new Document(string.Create(CultureInfo.InvariantCulture, $"document-{row}"))
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"picture number{row} of {(row % 10 == 7 ? "seven" : "others")}"),
            Embedding = NdArray.Wrap(vector),
        };
    }

    /// <summary>Of Linux alone: what the process has for itself, what it has of files, and the most of both together so far.</summary>
    private static string Memory()
    {
        if (!File.Exists("/proc/self/status"))
        {
            return $"{Environment.WorkingSet / 1e9:F2} GB of memory";
        }

        var lines = File.ReadAllLines("/proc/self/status").Select(line => line.Split(':', StringSplitOptions.TrimEntries)).ToDictionary(parts => parts[0], parts => parts[^1]);
        string Of(string name) => (long.Parse(lines[name].Split(' ')[0], CultureInfo.InvariantCulture) / 1e6).ToString("F2", CultureInfo.InvariantCulture);
        return $"{Of("RssAnon")} GB of memory and {Of("RssFile")} GB of files, at most {Of("VmHWM")} GB";
    }

    private static void Print(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
