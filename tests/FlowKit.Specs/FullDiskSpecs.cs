using System.Net;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>Commands and uploads that meet a full disk say so, leave nothing half, and work when there is room.</summary>
public sealed class FullDiskSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SmallDiskFact]
    public async Task A_new_project_on_a_full_disk_is_refused_and_leaves_nothing()
    {
        using var disk = new SmallDisk(64);
        var filler = disk.Fill();

        var refused = await FlowKitCommand.RunAsync("new", "executor", "Shout", "--output", disk.Path);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"'{disk.At("Shout")}' cannot be written: the disk is full", refused.Errors, StringComparison.Ordinal);
        Assert.Equal([filler], Directory.EnumerateFileSystemEntries(disk.Path));
        File.Delete(filler);
        disk.Resize(1024);
        var made = await FlowKitCommand.RunAsync("new", "executor", "Shout", "--output", disk.Path);
        Assert.True(made.ExitCode == 0, made.Errors);
        Assert.True(File.Exists(Path.Combine(disk.At("Shout"), "Shout.cs")));
    }

    /// <summary>A form of more than a mebibyte is kept in a file while it is read.</summary>
    [SmallDiskFact]
    public async Task A_large_form_that_finds_no_room_is_507_and_the_flow_serves_on()
    {
        using var disk = new SmallDisk(16 << 10);
        var start = FlowKitCommand.StartInfo("run", _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: pass\n"), "--port", "0", "--workspace", _folder.Path);
        start.Environment["TMPDIR"] = disk.Path;
        await using var flow = await RunningFlow.StartAsync(start);
        var filler = disk.Fill();

        using var refused = await PostAsync(flow, 3 << 20);
        using var small = await PostAsync(flow, 1000);

        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Contains("the disk is full", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        File.Delete(filler);
        using var again = await PostAsync(flow, 3 << 20);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningFlow flow, int bytes)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[bytes]), "file", "zeros.bin" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/post") { Content = form };
        request.Headers.Add("X-Requested-With", "test");
        return await flow.Http.SendAsync(request);
    }
}
