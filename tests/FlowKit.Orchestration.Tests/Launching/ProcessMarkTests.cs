using System.Diagnostics;

namespace FlowKit.Orchestration.Launching;

public sealed class ProcessMarkTests
{
    [Fact]
    public void This_process_is_alive_and_is_known_by_its_text()
    {
        var own = ProcessMark.Own;

        Assert.True(own.IsAlive);
        Assert.Equal(own, ProcessMark.TryParse(own.Text));
    }

    [Fact]
    public async Task A_process_that_ended_or_another_of_its_number_is_not()
    {
        using var process = Process.Start("sleep", "60");
        var mark = ProcessMark.TryParse($"{process.Id}-0")!.Value;
        Assert.False(mark.IsAlive);

        process.Kill();
        await process.WaitForExitAsync();

        Assert.False(new ProcessMark(process.Id, ProcessMark.Own.Started).IsAlive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12-")]
    [InlineData("x-12")]
    [InlineData("-1-12")]
    [InlineData("1-2-3")]
    public void Another_text_is_no_mark(string text) => Assert.Null(ProcessMark.TryParse(text));
}
