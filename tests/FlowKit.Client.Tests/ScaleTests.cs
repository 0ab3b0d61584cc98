using System.Collections.Concurrent;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Client.Tests;

/// <summary>Changing the number of replicas of a running flow from a program.</summary>
public sealed class ScaleTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private TestFlow _flow = null!;
    private GatewayHost _gateway = null!;
    private FlowClient _client = null!;

    /// <summary>Says which replica worked.</summary>
    [Executor("Slow")]
    public sealed class SlowExecutor : Executor
    {
        [Requests]
        public async Task RunAsync(DocumentArray documents)
        {
            await Task.Delay(5);
            documents[0].Text = $"{Context.ReplicaId}";
        }
    }

    public async Task InitializeAsync()
    {
        _flow = await TestFlow.StartAsync("jtype: Flow\nexecutors: [{name: encoder, uses: Slow}]\ngateway: {port: 0}\n", typeof(SlowExecutor));
        _gateway = await GatewayHost.StartAsync(_flow.Runtime, _flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        _client = new FlowClient(_gateway.Address.ToString());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _flow.DisposeAsync();
    }

    [Fact]
    public async Task Replicas_come_and_go_while_every_request_is_answered()
    {
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 4).Select(_ => AskAsync(stop.Token)).ToList();

        await _client.ScaleAsync("encoder", 4);
        Assert.Equal(4, _flow.Runtime.Health[0].Ready);
        await TestTimeout.UntilAsync(() => _seen.Count > 1, "a second replica to work");
        await _client.ScaleAsync("encoder", 1);
        Assert.Equal(1, _flow.Runtime.Health[0].Ready);

        await stop.CancelAsync();
        await Task.WhenAll(asking).WithTimeout();
        Assert.Subset(new HashSet<string> { "0", "1", "2", "3" }, _seen.Keys.ToHashSet());
    }

    [Fact]
    public async Task An_unknown_executor_is_not_found_and_a_near_name_is_offered()
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => _client.ScaleAsync("encodr", 2));

        Assert.Equal(FlowErrorCode.NotFound, error.Error.Code);
        Assert.Contains("did you mean 'encoder'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(1025)]
    public async Task A_number_out_of_range_is_refused(int replicas)
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => _client.ScaleAsync("encoder", replicas));

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains("from 1 to 1024", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _flow.Runtime.Health[0].Replicas);
    }

    [Fact]
    public async Task Where_nothing_listens_is_told_as_such()
    {
        using var client = new FlowClient("http://127.0.0.1:1");

        Assert.Equal(FlowErrorCode.Unavailable, (await Assert.ThrowsAsync<FlowKitException>(() => client.ScaleAsync("encoder", 2))).Error.Code);
    }

    private async Task AskAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var reply = await _client.PostAsync("/run", [new Document()], cancellationToken: CancellationToken.None);
            Assert.Null(reply.Status);
            _seen[reply.Documents[0].Text!] = true;
        }
    }
}
