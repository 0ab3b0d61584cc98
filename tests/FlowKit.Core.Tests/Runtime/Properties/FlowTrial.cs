using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FlowKit.Components;

namespace FlowKit.Runtime.Properties;

/// <summary>Runs one plan on real time and looks whether everything held.</summary>
internal sealed class FlowTrial(FlowPlan plan, string folder)
{
    private static readonly ComponentCatalog s_catalog = ComponentCatalog.Of(typeof(Marks), typeof(MarksOnRun));
    private static readonly ConcurrentDictionary<int, FlowTrial> s_running = [];
    private static int s_last;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<MarkingWork> _works = new();
    private readonly WriteTurns _turns = new(plan);

    public FlowPlan Plan => plan;

    public TrialLedger Ledger { get; } = new(plan);

    /// <summary>When calls that hang come back.</summary>
    public Task Ended => _ended.Task;

    /// <summary>For the constructor of an executor.</summary>
    public static MarkingWork WorkOf(int trial)
    {
        var work = new MarkingWork(s_running[trial]);
        s_running[trial]._works.Enqueue(work);
        return work;
    }

    public bool IsPoison(int node, DocumentPlace place) => plan.Requests[place.Request].Documents[place.Index].Poison == node;

    /// <summary>A call begins; disposing ends it.</summary>
    public IDisposable? Begin(int node, int shard, bool writes) => writes ? _turns.Begin(this, node, shard) : null;

    /// <summary>In every other trial all calls are made by whoever brings the part, as far as a replica is free.</summary>
    private static FlowHost HostOf(TrialLogs logs, string folder, int number)
    {
        var host = new FlowHost(s_catalog, logs, TimeProvider.System, folder);
        return number % 2 == 0 ? host with { ShortCall = TimeSpan.MaxValue } : host;
    }

    /// <param name="patience">How long anything may take.</param>
    /// <exception cref="TrialFailedException">Something did not hold.</exception>
    public async Task RunAsync(TimeSpan patience)
    {
        var number = Interlocked.Increment(ref s_last);
        s_running[number] = this;
        try
        {
            var logs = new TrialLogs();
            var flow = await FlowRuntime.StartAsync(FlowPlanConfig.Of(plan, number, folder), HostOf(logs, folder, number), CancellationToken.None);
            var (sent, stopping) = Send(flow, patience);
            var replies = await InTimeAsync(Task.WhenAll(sent), flow, sent, patience);
            _ended.TrySetResult();
            await InTimeAsync(stopping ?? flow.StopAsync(patience), flow, sent, patience);
            await flow.DisposeAsync();
            await new DrainCheck(plan, Ledger, [.. _works]).CheckAsync(flow, logs, patience);
            for (var request = 0; request < replies.Length; request++)
            {
                new ReplyCheck(plan, Ledger, request, replies[request]).Check();
            }
        }
        finally
        {
            _ended.TrySetResult();
            s_running.TryRemove(number, out _);
        }

        if (Ledger.Problems.Any())
        {
            throw new TrialFailedException(Ledger.Problems);
        }
    }

    /// <summary>Every other request comes from a thread of its own.</summary>
    private (List<Task<FlowResponse>> Sent, Task? Stopping) Send(FlowRuntime flow, TimeSpan patience)
    {
        List<Task<FlowResponse>> sent = [];
        Task? stopping = null;
        for (var request = 0; request < plan.Requests.Count; request++)
        {
            if (plan.Stop == StopMoment.Halfway && request == plan.Requests.Count / 2)
            {
                stopping = flow.StopAsync(patience);
            }

            var number = request;
            sent.Add(request % 2 == 0 ? SendAsync(flow, number) : Task.Run(() => SendAsync(flow, number)));
        }

        return (sent, plan.Stop == StopMoment.Sent ? flow.StopAsync(patience) : stopping);
    }

    private async Task<FlowResponse> SendAsync(FlowRuntime flow, int number)
    {
        var request = plan.Requests[number];
        using var gone = request.Cancel is > 0 and { } wait ? new CancellationTokenSource(wait) : new CancellationTokenSource();
        if (request.Cancel == 0)
        {
            await gone.CancelAsync();
        }

        var documents = request.Documents.Select((document, index) => new Document(new DocumentPlace(number, index).Id) { Text = $"{document.Text}" });
        var call = new FlowRequest(request.Endpoint, new DocumentArray(documents))
        {
            Priority = request.Priority,
            Parameters = request.Parameter == 0 ? new Parameters() : new Parameters(new JsonObject { ["k"] = request.Parameter }),
            TargetExecutor = request.Target is { } target ? $"{FlowPlan.NameOf(target)}$" : "",
            Timeout = request.Timeout is { } limit ? TimeSpan.FromMilliseconds(limit) : null,
        };
        return request.Streams ? await StreamAsync(flow, call, gone.Token) : await flow.SendAsync(call, gone.Token);
    }

    /// <summary>A stream's documents and its error as a reply; what came before the error does not count.</summary>
    private static async Task<FlowResponse> StreamAsync(FlowRuntime flow, FlowRequest call, CancellationToken gone)
    {
        DocumentArray documents = [];
        try
        {
            await foreach (var document in flow.StreamAsync(call, gone))
            {
                documents.Add(document);
            }

            return new FlowResponse(documents, null, [], null);
        }
        catch (FlowKitException exception)
        {
            return new FlowResponse([], exception.Error, [], null);
        }
    }

    private static Task InTimeAsync(Task task, FlowRuntime flow, List<Task<FlowResponse>> sent, TimeSpan patience) =>
        InTimeAsync(WithResultAsync(task), flow, sent, patience);

    private static async Task<T> InTimeAsync<T>(Task<T> task, FlowRuntime flow, List<Task<FlowResponse>> sent, TimeSpan patience)
    {
        try
        {
            return await task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            var open = Enumerable.Range(0, sent.Count).Where(request => !sent[request].IsCompleted);
            throw new TrialFailedException([
                $"after {patience.TotalSeconds} s it is stuck; not answered: {string.Join(", ", open)}; in flight: {flow.InFlight}",
                .. flow.Health.Select(health => $"{health}"),
            ]);
        }
    }

    private static async Task<bool> WithResultAsync(Task task)
    {
        await task;
        return true;
    }
}
