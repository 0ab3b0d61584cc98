using System.Diagnostics;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Orchestration.Launching;

/// <summary>Programs that are started for a replica, here of the shell.</summary>
public sealed class ChildTests
{
    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => Child.StartAsync(new ProcessStartInfo("/nowhere/worker"), Log()));

        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
        Assert.StartsWith("'/nowhere/worker' cannot be started: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_end_is_told_with_its_last_lines()
    {
        await using var child = await StartAsync("echo one; echo two >&2; exit 3");

        Assert.Equal(3, await child.Exited.WithTimeout());
        Assert.Equal(["one", "two"], child.LastLines.Order());
        Assert.StartsWith("its process ended with exit code 3. Its last lines:\n  ", child.Explain("its process", 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_says_nothing_ended_without_a_word()
    {
        await using var child = await StartAsync("kill -9 $$");

        var code = await child.Exited.WithTimeout();

        Assert.Equal("its process ended with SIGKILL (exit code 137), without a word", child.Explain("its process", code));
    }

    [Fact]
    public async Task A_line_for_one_that_has_ended_is_not_an_error()
    {
        await using var child = await StartAsync("exit 0");
        await child.Exited.WithTimeout();

        for (var i = 0; i < 3; i++)
        {
            await child.WriteLineAsync(new string('x', 100_000));
        }

        child.Kill();
    }

    [Fact]
    public async Task One_that_does_not_stop_in_time_is_killed()
    {
        await using var child = await StartAsync("trap '' TERM; echo ready; while :; do sleep 0.1; done");
        await TestTimeout.UntilAsync(() => child.LastLines.Contains("ready"), "the trap to be set");

        await child.StopAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System).WithTimeout();

        Assert.Equal(137, await child.Exited);
    }

    [Fact]
    public async Task A_pipe_that_breaks_in_the_middle_of_a_line_gives_what_came()
    {
        var lines = new List<string>();

        await LineReader.ReadAsync(new BreakingStream("whole\nhalf"u8.ToArray()), lines.Add);

        Assert.Equal(["whole", "half"], lines);
    }

    private static Task<Child> StartAsync(string script) => Child.StartAsync(new ProcessStartInfo("/bin/sh", ["-c", script]), Log());

    private static WorkerLog Log() => new("worker/0", NullLogger.Instance, TimeProvider.System);

    /// <summary>Gives its bytes, and breaks.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("the pipe broke");
    }
}
