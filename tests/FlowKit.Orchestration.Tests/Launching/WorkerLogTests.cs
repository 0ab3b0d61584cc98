using System.Text;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Orchestration.Launching;

public sealed class WorkerLogTests
{
    [Theory]
    [InlineData("<3>FlowKit.X[1] it broke", LogLevel.Error, "FlowKit.X[1] it broke")]
    [InlineData("<4>careful", LogLevel.Warning, "careful")]
    [InlineData("<6>all is well", LogLevel.Information, "all is well")]
    [InlineData("<html>", LogLevel.Information, "<html>")]
    [InlineData("plain", LogLevel.Information, "plain")]
    public void A_line_has_the_level_it_says(string line, LogLevel level, string text) => Assert.Equal(new LogLine(level, text), LogLine.Parse(line));

    [Fact]
    public async Task Lines_are_read_whatever_comes()
    {
        var lines = new List<string>();
        var text = $"one\r\ntwo\n\n{new string('x', 100_000)}\nwithout an end";

        await LineReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), lines.Add);

        Assert.Equal(["one", "two", "", new string('x', 8192) + " …", "without an end"], lines);
    }

    [Fact]
    public void A_flood_is_thinned_out_and_counted_and_its_end_is_remembered()
    {
        var (logs, time) = (new CollectedLogs(), new FakeTimeProvider());
        var log = new WorkerLog("encoder/0", logs.CreateLogger("x"), time);

        for (var line = 0; line < 1000; line++)
        {
            log.Add($"line {line}");
        }

        log.End();

        Assert.Equal(201, logs.Lines.Count);
        Assert.Equal("Information encoder/0 | line 0", logs.Lines[0]);
        Assert.Equal("Warning encoder/0 | (800 more lines were left out: it writes more than the log takes)", logs.Lines[^1]);
        Assert.Equal(Enumerable.Range(980, 20).Select(line => $"line {line}"), log.LastLines);
    }

    [Fact]
    public void What_moves_the_cursor_is_taken_out()
    {
        var logs = new CollectedLogs();
        new WorkerLog("encoder/0", logs.CreateLogger("x"), TimeProvider.System).Add("\e[2Jgone\aand\tback");

        Assert.Equal("Information encoder/0 | \uFFFD[2Jgone\uFFFDand\tback", Assert.Single(logs.Lines));
    }

    [Theory]
    [InlineData(0, "exit code 0")]
    [InlineData(3, "exit code 3")]
    [InlineData(137, "SIGKILL (exit code 137)")]
    [InlineData(139, "SIGSEGV (exit code 139)")]
    [InlineData(255, "exit code 255")]
    public void An_exit_code_is_told_in_words(int code, string words) => Assert.Equal(words, ExitCodes.Describe(code));

    [Fact]
    public void A_process_is_told_from_a_later_one_with_its_id()
    {
        Assert.True(ProcessMark.Own.IsAlive);
        Assert.False(ProcessMark.TryParse($"{Environment.ProcessId}-1-{ProcessMark.OwnPlace}")!.Value.IsAlive);
        Assert.True(ProcessMark.TryParse($"{Environment.ProcessId}-1-0123456789ab")!.Value.IsAlive);
        Assert.Equal(ProcessMark.Own, ProcessMark.TryParse(ProcessMark.Own.Text));
        Assert.Null(ProcessMark.TryParse("left by somebody"));
        Assert.Null(ProcessMark.TryParse($"{Environment.ProcessId}-1"));
    }
}
