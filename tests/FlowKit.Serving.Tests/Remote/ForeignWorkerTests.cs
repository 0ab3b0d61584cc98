using System.Diagnostics;
using FlowKit.Runtime;
using FlowKit.Serving.Grpc;
using FlowKit.TestKit;

namespace FlowKit.Serving.Remote;

/// <summary>A flow before a worker in Python that speaks Jina's protocol by grpcio.</summary>
public sealed class ForeignWorkerTests
{
    private static async Task<(TestFlow Flow, Process Worker)> StartAsync(CollectedLogs? logs = null)
    {
        var worker = await Python.StartAsync("worker.py");
        _ = worker.StandardError.ReadToEndAsync();
        var port = await worker.StandardOutput.ReadLineAsync().WithTimeout();
        var options = new TestFlowOptions { Executors = [typeof(RemoteExecutor)] };
        var flow = await TestFlow.StartAsync(
            $"jtype: Flow\nexecutors: [{{name: py, external: true, port: {port}}}]\n", logs is null ? options : options with { Loggers = logs });
        await TestTimeout.UntilAsync(() => flow.Runtime.Endpoints.ContainsKey("/gen"), "the worker to tell its endpoints");
        return (flow, worker);
    }

    private static async Task StopAsync(Process worker)
    {
        worker.StandardInput.Close();
        await worker.WaitForExitAsync().WithTimeout();
        worker.Dispose();
    }

    [PythonFact]
    public async Task Documents_results_and_exceptions_come_from_it()
    {
        using var logs = new CollectedLogs();
        var (flow, worker) = await StartAsync(logs);
        await using var running = flow;

        var upper = await flow.PostAsync("/upper", new Document("x") { Text = "hi" });
        var failed = await flow.PostAsync("/fail", new Document("x"));

        Assert.Equal("HI", upper.Documents[0].Text);
        Assert.Equal(1, (double)upper.Results!["py/rep-0"]!["seen"]!);
        var error = failed.Error!;
        Assert.Equal(("ValueError('boom', 42, {'a': 1})", "ValueError", "py", "PyWorker"), (error.Message, error.ExceptionName, error.Executor, error.Details!.ExecutorClass));
        Assert.Equal(["boom", "42", "{'a': 1}"], error.Details.Arguments);
        Assert.Equal(["ValueError: ('boom', 42, {'a': 1})"], error.Details.Stacks);
        Assert.Contains(logs.Lines, line => line.Contains("worker.py\", line", StringComparison.Ordinal) && line.Contains("in process", StringComparison.Ordinal));
        Assert.Equal(["x"], failed.Documents.Select(document => document.Id));
        await StopAsync(worker);
    }

    [PythonFact]
    public async Task A_generator_streams_one_by_one_whoever_asks_and_ends_with_the_caller()
    {
        var (flow, worker) = await StartAsync();
        await using var running = flow;
        var endless = new Document("endless") { Text = "x", };
        endless.Tags["count"] = 100_000;

        var first = await flow.Runtime.StreamAsync(new FlowRequest("/gen", [endless]), CancellationToken.None).Take(3).ToListAsync().AsTask().WithTimeout();
        var collected = await flow.PostAsync("/gen", new Document("y") { Text = "y" }, new Document("z") { Text = "z" }).WithTimeout();

        Assert.Equal(["x0 after 0", "x1 after 0", "x2 after 0"], first.Select(document => document.Text));
        Assert.Equal(["y0", "y1", "y2", "z0", "z1", "z2"], collected.Documents.Select(document => document.Text![..2]));

        // The first stream has ended there when its caller had left.
        Assert.DoesNotContain("after 0", collected.Documents[^1].Text, StringComparison.Ordinal);
        await StopAsync(worker);
    }

    [PythonFact]
    public async Task What_a_generator_raises_on_the_way_is_told_as_it_raised_it()
    {
        var (flow, worker) = await StartAsync();
        await using var running = flow;
        var came = new List<Document>();

        var error = (await Assert.ThrowsAsync<FlowKitException>(async () =>
        {
            await foreach (var document in flow.Runtime.StreamAsync(new FlowRequest("/gen", [new Document { Text = "bad" }]), CancellationToken.None))
            {
                came.Add(document);
            }
        })).Error;

        Assert.Equal(3, came.Count);
        Assert.Equal(("ValueError('boom')", "ValueError", "py", "PyWorker"), (error.Message, error.ExceptionName, error.Executor, error.Details!.ExecutorClass));
        await StopAsync(worker);
    }
}
