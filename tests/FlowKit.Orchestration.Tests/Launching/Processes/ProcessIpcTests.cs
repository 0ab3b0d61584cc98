using System.Diagnostics;
using FlowKit.Runtime;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>How documents travel to executors in real processes of their own, and what is left of it.</summary>
public sealed class ProcessIpcTests
{
    private static Task<TestFlow> StartAsync(bool sharesMemory, params string[] keys) => TestFlow.StartAsync(
        WildFlow.Text(["runtime: process", .. keys]),
        new TestFlowOptions { Executors = [typeof(Wild)], Launchers = [new ProcessLauncher { SharesMemory = sharesMemory }] });

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static async Task<int> ProcessAsync(TestFlow flow) => (int)(double)(await flow.PostAsync("/where", new Document())).Results!.Single().Value!["process"]!;

    /// <summary>How many memories of lines a process has open.</summary>
    private static int MemoriesOf(int process) =>
        Directory.EnumerateFiles($"/proc/{process}/fd").Count(file => new FileInfo(file).LinkTarget?.Contains("memfd:flowkit-ipc", StringComparison.Ordinal) == true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Documents_of_every_size_come_back_with_shared_memory_and_without(bool sharesMemory)
    {
        await using var flow = await StartAsync(sharesMemory);
        foreach (var size in new[] { 1, 65_536, 786_432, 30_000_000, 100_000_000, 10 })
        {
            var bytes = Bytes(size);

            var reply = await flow.PostAsync("/where", new Document { Blob = bytes });

            Assert.Null(reply.Error);
            Assert.True((reply.Documents[0].Blob ?? default).Span.SequenceEqual(bytes), $"{size} bytes");
        }

        var worker = await ProcessAsync(flow);
        Assert.Equal(sharesMemory, MemoriesOf(worker) > 0);
    }

    [Fact]
    public async Task A_process_killed_with_a_large_request_leaves_nothing_and_the_next_one_serves()
    {
        var before = MemoriesOf(Environment.ProcessId);
        var flow = await StartAsync(sharesMemory: true, "retries: 0");
        var victim = await ProcessAsync(flow);
        var asking = flow.PostAsync("/hang", new Document { Blob = Bytes(5_000_000) });
        await TestTimeout.UntilAsync(() => flow.Runtime.InFlight == 1, "the call");

        Process.GetProcessById(victim).Kill();

        var lost = (await asking).Error!;
        Assert.StartsWith($"'wild' was lost with this request: process {victim} ended with SIGKILL (exit code 137)", lost.Message, StringComparison.Ordinal);
        var bytes = Bytes(5_000_000);
        Assert.True(((await flow.PostAsync("/where", new Document { Blob = bytes })).Documents[0].Blob ?? default).Span.SequenceEqual(bytes));
        await flow.DisposeAsync();
        Assert.Equal(before, MemoriesOf(Environment.ProcessId));
        Assert.Empty(Directory.EnumerateFileSystemEntries("/dev/shm", "*flowkit*"));
    }

    [Fact]
    public async Task A_caller_that_gives_up_frees_the_replica()
    {
        await using var flow = await StartAsync(sharesMemory: true);
        var first = await ProcessAsync(flow);
        using var giving = new CancellationTokenSource();
        var asking = flow.Runtime.SendAsync(new FlowRequest("/patient", [new Document { Blob = Bytes(1_000_000) }]), giving.Token);
        await TestTimeout.UntilAsync(() => flow.Runtime.InFlight == 1, "the call");

        await giving.CancelAsync();

        Assert.Equal(FlowErrorCode.Cancelled, (await asking.WithTimeout()).Error!.Code);
        Assert.Equal(first, await ProcessAsync(flow));
    }
}
