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
        var mark = ProcessMark.TryParse($"{process.Id}-0-{ProcessMark.OwnPlace}")!.Value;
        Assert.False(mark.IsAlive);

        process.Kill();
        await process.WaitForExitAsync();

        Assert.False((ProcessMark.Own with { Id = process.Id }).IsAlive);
    }

    [Fact]
    public void One_of_another_machine_boot_or_PID_namespace_may_be_alive()
    {
        Assert.True(ProcessMark.TryParse("4000000-1-0123456789ab")!.Value.IsAlive);
        Assert.True(ProcessMark.TryParse("4000000-1-000000000000")!.Value.IsAlive);
        Assert.False(ProcessMark.TryParse($"4000000-1-{ProcessMark.OwnPlace}")!.Value.IsAlive);
    }

    [NamespaceFact]
    public async Task A_process_in_another_PID_namespace_is_seen_as_alive_from_there_and_its_place_is_another()
    {
        using var process = Process.Start(new ProcessStartInfo("unshare", ["-p", "-f", "--mount-proc", "readlink", "/proc/self/ns/pid"]) { RedirectStandardOutput = true })!;
        var space = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();

        var place = ProcessMark.PlaceOf(await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id"), space);

        Assert.NotEqual(ProcessMark.OwnPlace, place);
        Assert.True((ProcessMark.Own with { Id = 4_000_000, Place = place }).IsAlive);
        Assert.Equal(ProcessMark.OwnPlace, ProcessMark.PlaceOf(await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id"), new FileInfo("/proc/self/ns/pid").LinkTarget!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12-")]
    [InlineData("x-12")]
    [InlineData("-1-12")]
    [InlineData("1-2-3")]
    [InlineData("1-2-0123456789AB")]
    [InlineData("1-2-0123456789ab-4")]
    public void Another_text_is_no_mark(string text) => Assert.Null(ProcessMark.TryParse(text));
}
