using System.Text.Json.Nodes;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Hosting;

/// <summary>What a program sets of an executor, and what it becomes in the flow.</summary>
public sealed class ExecutorBuilderTests
{
    [Fact]
    public async Task Every_member_is_a_key_of_the_flow()
    {
        using var folder = new TempFolder();
        await using var flow = await Flow.CreateBuilder()
            .Add<Upper>("upper", executor =>
            {
                executor.Replicas = 2;
                executor.Shards = 1;
                executor.Device = "cpu";
                executor.Runtime = "in_process";
                executor.Env("WORD", "one").Env("OTHER", "two").Set("timeout_ready", 5000).Set("timeout_ready", null);
                executor.Uses.With("suffix", "?").With(new { Suffix = "!" }).Requests("/loud", nameof(Upper.Run));
            })
            .Set("workspace", folder.Path)
            .StartAsync();

        var executor = Assert.Single(flow.Config.Executors);
        Assert.Equal((2, 1, "cpu", "one", "two"), (executor.Replicas, executor.Shards, executor.Device, executor.Env["WORD"], executor.Env["OTHER"]));
        Assert.Equal("A!", Assert.Single(await flow.PostAsync("/loud", new Document { Text = "a" })).Text);
    }

    [Fact]
    public void What_was_set_is_read_back_and_what_was_not_has_its_default()
    {
        var executor = new ExecutorBuilder([]);
        Assert.Equal((1, 1, "cpu", null), (executor.Replicas, executor.Shards, executor.Device, executor.Runtime));

        (executor.Replicas, executor.Shards, executor.Device, executor.Runtime) = (3, 2, "cuda:1", "process");

        Assert.Equal((3, 2, "cuda:1", "process"), (executor.Replicas, executor.Shards, executor.Device, executor.Runtime));
        Assert.Throws<ArgumentException>(() => executor.Set("", 1));
    }

    [Fact]
    public void Options_that_are_no_object_are_refused_by_their_type()
    {
        var error = Assert.Throws<ArgumentException>(() => new UsesBuilder([]).With(5));

        Assert.StartsWith("Int32 has no properties that could be options.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_executor_scales_while_the_flow_serves()
    {
        using var folder = new TempFolder();
        await using var flow = await Flow.CreateBuilder().Add<Upper>("upper").Set("workspace", folder.Path).StartAsync();

        await flow.ScaleAsync("upper", 3).WithTimeout();

        Assert.Equal(3, Assert.Single(flow.Runtime.Health).Replicas);
        var error = await Assert.ThrowsAsync<FlowKitException>(() => flow.ScaleAsync("uper", 3));
        Assert.Contains("uper", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_start_posts_is_told_as_it_goes()
    {
        using var folder = new TempFolder();
        folder.Write("words.txt", "a\nb\n");
        var steps = new List<FlowStartStep>();
        await using var flow = await Flow.CreateBuilder()
            .Add<Upper>("upper")
            .Set("workspace", folder.Path)
            .Set("on_start", new JsonArray(new JsonObject { ["post"] = "/upper", ["inputs"] = new JsonArray("words.txt") }))
            .Configure(options => (options.BaseDirectory, options.Progress) = (folder.Path, new Steps(steps)))
            .StartAsync();

        Assert.Equal([FlowStartStep.Loading, FlowStartStep.Posting], steps.Distinct());
    }

    [Fact]
    public void A_mistake_outside_the_executors_has_the_flow_as_its_place()
    {
        var error = Assert.Throws<FlowConfigException>(() => new Building.FlowText(new JsonObject { ["jtype"] = "Flow", ["gatway"] = new JsonObject() }, [(new JsonObject { ["uses"] = "Upper" }, new SourcePlace("Program.cs", 7, 1))]).Read(new()));

        Assert.StartsWith("flow: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("gatway", error.Message, StringComparison.Ordinal);
    }

    private sealed class Steps(List<FlowStartStep> steps) : IProgress<FlowStartProgress>
    {
        public void Report(FlowStartProgress value)
        {
            lock (steps)
            {
                steps.Add(value.Step);
            }
        }
    }
}
