using FlowKit.TestKit;
using Xunit.Abstractions;

namespace FlowKit.Runtime;

/// <summary>
/// Random graphs under random trouble. Whatever happens, every accepted request is answered once, in time, with its own documents,
/// and stopping loses none. A failure prints the seed; FLOWKIT_SEED repeats it.
/// </summary>
public sealed class RandomFlowTests(ITestOutputHelper output)
{
    private const int Graphs = 200;

    [Fact]
    public async Task Every_accepted_request_is_answered_once_with_its_own_documents()
    {
        var repeat = Environment.GetEnvironmentVariable("FLOWKIT_SEED");
        var first = repeat is null ? Random.Shared.Next() : int.Parse(repeat);
        for (var i = 0; i < (repeat is null ? Graphs : 1); i++)
        {
            try
            {
                await RunAsync(new Random(first + i));
            }
            catch (Exception exception)
            {
                output.WriteLine($"FLOWKIT_SEED={first + i}");
                throw new InvalidOperationException($"Failed with FLOWKIT_SEED={first + i}: {exception.Message}", exception);
            }
        }
    }

    private static async Task RunAsync(Random random)
    {
        var yaml = RandomFlow.Graph(random).WithGateway($"capacity: {random.Next(4, 40)}");
        var trouble = new RandomTrouble(random.Next(), random.Next(3) == 0 ? 0 : random.NextDouble() * 0.2);
        var flow = await TestFlow.StartAsync(yaml, trouble.Script(RandomFlow.MaxNodes));
        using var gone = new CancellationTokenSource();
        var sent = Enumerable.Range(0, random.Next(1, 30)).Select(i => SendAsync(flow, i, random, gone)).ToList();
        if (random.Next(3) == 0)
        {
            await gone.CancelAsync();
        }

        if (random.Next(2) == 0)
        {
            await Task.Yield();
        }

        var stopping = flow.Runtime.StopAsync(Patience.Limit);
        var replies = await Task.WhenAll(sent).Soon();
        await stopping.Soon();
        await flow.DisposeAsync();

        for (var i = 0; i < replies.Length; i++)
        {
            Check(replies[i], i, trouble);
        }

        Assert.Equal(0, flow.Runtime.InFlight);
        Assert.Equal(flow.Script.Events.Count(what => what.StartsWith("construct", StringComparison.Ordinal)), flow.Script.Events.Count(what => what.StartsWith("dispose", StringComparison.Ordinal)));
    }

    private static Task<FlowReply> SendAsync(TestFlow flow, int request, Random random, CancellationTokenSource gone)
    {
        var count = random.Next(0, 4);
        var documents = Enumerable.Range(0, count).Select(i => new Document($"{request}.{i}") { Text = $"{count}" });
        var call = new FlowCall("/run", new DocumentArray(documents)) { Timeout = random.Next(5) == 0 ? TimeSpan.FromMilliseconds(random.Next(0, 3)) : null };
        return flow.Runtime.SendAsync(call, random.Next(3) == 0 ? gone.Token : CancellationToken.None);
    }

    private static void Check(FlowReply reply, int request, RandomTrouble trouble)
    {
        if (reply.Error is { } error)
        {
            Assert.True(
                error.Code is FlowErrorCode.ResourceExhausted or FlowErrorCode.Cancelled or FlowErrorCode.DeadlineExceeded || (error.Code == FlowErrorCode.Internal && error.ExceptionName == nameof(InvalidOperationException)),
                error.ToString());
            Assert.Empty(reply.Documents);
            return;
        }

        Assert.Equal(Enumerable.Range(0, reply.Documents.Count).Select(i => $"{request}.{i}"), reply.Documents.Select(document => document.Id));
        foreach (var document in reply.Documents)
        {
            Assert.Equal(document.Text, $"{reply.Documents.Count}");
            Assert.True(document.Error is null || trouble.Failed.ContainsKey(document.Id), document.Id);
        }
    }
}
