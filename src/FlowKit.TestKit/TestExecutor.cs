using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Runtime;

namespace FlowKit.TestKit;

/// <summary>A single executor, running as it does in a flow: constructed with its options, loaded, asked, disposed.</summary>
public sealed class TestExecutor : IAsyncDisposable
{
    private readonly TestFlow _flow;

    private TestExecutor(TestFlow flow) => _flow = flow;

    /// <summary>The flow of this one executor.</summary>
    public TestFlow Flow => _flow;

    /// <summary>Starts an executor.</summary>
    /// <typeparam name="T">Its class.</typeparam>
    /// <param name="with">Its options, as <c>uses_with</c> has them: <c>new { suffix = "!" }</c>; <see langword="null"/> for none.</param>
    /// <param name="services">The services that it asks for; <see langword="null"/> for none but loggers and time.</param>
    /// <exception cref="Configuration.Diagnostics.FlowConfigException">An option is not valid, or a service is not there.</exception>
    /// <exception cref="FlowKitException">It did not start.</exception>
    public static async Task<TestExecutor> StartAsync<T>(object? with = null, IServiceProvider? services = null)
        where T : Executor
    {
        var entry = new JsonObject
        {
            ["name"] = "executor",
            ["uses"] = typeof(T).FullName,
            ["uses_with"] = with is null ? new JsonObject() : JsonSerializer.SerializeToNode(with, Parameters.ReadOptions),
        };
        var flow = new JsonObject { ["jtype"] = "Flow", ["executors"] = new JsonArray(entry) };
        return new TestExecutor(
            await TestFlow.StartAsync(flow.ToJsonString(), new TestFlowOptions { Executors = [typeof(T)], Services = services }));
    }

    /// <summary>Posts documents and gives what comes back.</summary>
    /// <param name="endpoint">For example <c>/index</c>.</param>
    /// <param name="documents">The documents.</param>
    /// <exception cref="FlowKitException">The request failed, or the executor threw.</exception>
    public Task<DocumentArray> PostAsync(string endpoint, params Document[] documents) =>
        PostAsync(endpoint, new DocumentArray(documents), null);

    /// <summary>Posts documents with parameters and gives what comes back.</summary>
    /// <param name="endpoint">For example <c>/search</c>.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="parameters">For example <c>new { limit = 3 }</c>; <see langword="null"/> for none.</param>
    /// <exception cref="FlowKitException">The request failed, or the executor threw.</exception>
    public async Task<DocumentArray> PostAsync(string endpoint, DocumentArray documents, object? parameters)
    {
        var call = new FlowRequest(endpoint, documents);
        if (parameters is not null)
        {
            var values = JsonSerializer.SerializeToNode(parameters, Parameters.ReadOptions)!.AsObject();
            call = call with { Parameters = new Parameters(values) };
        }

        var reply = await _flow.Runtime.SendAsync(call, CancellationToken.None).WithTimeout();
        return reply.Error is { } error ? throw new FlowKitException(error) : reply.Documents;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _flow.DisposeAsync();
}
