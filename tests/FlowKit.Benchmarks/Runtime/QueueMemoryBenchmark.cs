using FlowKit.Runtime;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>R20: what documents weigh while they wait before an executor that does not come to them.</summary>
internal static class QueueMemoryBenchmark
{
    private const int Texts = 102_400;
    private const int Images = 2_000;
    private const int ImageBytes = 100_000;

    private const string Flow = """
        jtype: Flow
        gateway: {capacity: 1000000, timeout_stop: 100}
        executors:
          - {name: work, uses: SleepWork, uses_with: {milliseconds: 100000000}, capacity: 1000000}
        """;

    public static async Task<int> RunAsync(int repeats)
    {
        var document = await MedianAsync(repeats, () => Task.FromResult(Weigh(Texts, () => Inputs.Texts(Texts))));
        Report.Line($"-- {Texts} queued documents with a text of 64 characters, {repeats} turns, load average {Report.Load}; alone in memory each is {document:0} B");
        foreach (var size in (int[])[32, 1])
        {
            var bytes = await MedianAsync(repeats, () => QueuedAsync(Texts, size, Inputs.Texts));
            Report.AtMost($"R20 bytes a document in requests of {size} ({bytes - document:0} B more than the document alone)", bytes, 600);
        }

        var image = await MedianAsync(repeats, () => QueuedAsync(Images, 1, Pictures));
        Report.AtMost("R20 bytes of a queued image to its payload", image / ImageBytes, 1.1);
        return 0;
    }

    private static DocumentArray Pictures(int count) => new(Enumerable.Range(0, count).Select(_ => new Document { Blob = new byte[ImageBytes] }));

    private static async Task<double> MedianAsync(int repeats, Func<Task<double>> weigh)
    {
        var all = new List<double>();
        for (var i = 0; i < repeats; i++)
        {
            all.Add(await weigh());
        }

        return Ratio.Median(all);
    }

    private static double Weigh(int count, Func<object> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        GC.KeepAlive(made);
        return bytes;
    }

    private static async Task<double> QueuedAsync(int count, int size, Func<int, DocumentArray> make)
    {
        await using var flow = await RuntimeFlow.StartAsync(Flow, typeof(SleepWork));
        await flow.Runtime.SendAsync(new FlowRequest("/run", make(size)) { Timeout = TimeSpan.FromMilliseconds(1) }, CancellationToken.None);
        return Weigh(count, () =>
        {
            for (var sent = 0; sent < count; sent += size)
            {
                _ = flow.SendAsync(make(size));
            }

            return flow;
        });
    }
}
