namespace FlowKit.Benchmarks.Runtime;

/// <summary>
/// R1 and the throughput of issue 3: no-op executors in sequence against the same stages written by hand between bounded channels (the limit) and
/// in TPL Dataflow (the peer), once as bare pipelines that answer nobody and once with an answer to each of many callers, as a flow must give.
/// </summary>
internal static class PipelineBenchmark
{
    private const int InFlight = 256;
    private const string Flow = "flow";
    private const string Bare = "channels, no replies";
    private const string Asked = "channels with replies";
    private const string BareDataflow = "TPL Dataflow, no replies";
    private const string Peer = "TPL Dataflow with replies";

    public static async Task<int> RunAsync(int repeats)
    {
        foreach (var documents in (int[])[32, 1])
        {
            var four = await RaceAsync(4, documents, repeats);
            Report.AtMost(documents == 32 ? "R1" : "R1 at 1 document a request", four.Time(Flow, Bare), 1.5);
            Report.Line($"   by time of the cores {four.Processor(Flow, Bare):0.00}; against channels with replies {four.Time(Flow, Asked):0.00}, by cores {four.Processor(Flow, Asked):0.00}");
            var three = await RaceAsync(3, documents, repeats);
            Report.AtLeast($"throughput/{documents} of channels with replies", 1 / three.Time(Flow, Asked), 0.6);
            Report.AtLeast($"throughput/{documents} of channels without replies", 1 / three.Time(Flow, Bare), 0.6);
            Report.AtLeast($"throughput/{documents} of TPL Dataflow with replies", 1 / three.Time(Flow, Peer), 1);
            Report.AtLeast($"throughput/{documents} of TPL Dataflow without replies", 1 / three.Time(Flow, BareDataflow), 1);
        }

        return 0;
    }

    private static async Task<Race> RaceAsync(int stages, int documents, int repeats)
    {
        await using var flow = await RuntimeFlow.ChainAsync(stages, documents);
        await using var asked = new AskedChannels(stages);
        await using var peer = new AskedDataflow(stages);
        var own = Enumerable.Range(0, InFlight).Select(_ => Inputs.Texts(documents)).ToArray();
        return await Race.RunAsync(
            $"{stages} no-op executors in sequence, {InFlight} callers",
            repeats,
            documents,
            new Contender(Flow, turn => Callers.RunAsync(InFlight, turn, caller => flow.SendAsync(own[caller]))),
            new Contender(Bare, turn => ChannelChain.RunAsync(stages, turn, own[0])),
            new Contender(Asked, turn => Callers.RunAsync(InFlight, turn, caller => asked.SendAsync(own[caller]))),
            new Contender(BareDataflow, turn => DataflowChain.RunAsync(stages, turn, own[0])),
            new Contender(Peer, turn => Callers.RunAsync(InFlight, turn, caller => peer.SendAsync(own[caller]))));
    }
}
