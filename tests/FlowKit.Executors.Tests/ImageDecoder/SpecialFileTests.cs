using FlowKit.Tests;

namespace FlowKit.Executors.Tests.Decoding;

/// <summary>Files that are no regular ones fail their documents with the reason and keep nobody waiting.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ImageDecoder")]
    [InlineData("ClipEncoder")]
    public async Task A_pipe_a_socket_and_a_folder_are_refused_and_the_next_picture_is_read(string executor)
    {
        _folder.Write("pics/dog.jpg", Picture.Named("dog"));
        SpecialFile.Pipe(_folder.At("pics", "pipe.jpg"));
        using var socket = SpecialFile.Socket(_folder.At("pics", "socket.jpg"));
        Directory.CreateDirectory(_folder.At("pics", "folder.jpg"));
        File.CreateSymbolicLink(_folder.At("pics", "link.jpg"), "pipe.jpg");
        await using var flow = await TestFlow.StartAsync($"- {{ uses: {executor}, uses_with: {{ roots: [pics] }} }}", _folder.Path);

        var documents = await flow.SendAsync("/", [.. new[] { "pipe", "socket", "folder", "link", "dog" }.Select(name => new Document { Uri = $"pics/{name}.jpg" })]).WaitAsync(TimeSpan.FromMinutes(1));

        string[] kinds = ["a named pipe", "a socket", "a folder", "a named pipe"];
        for (var i = 0; i < kinds.Length; i++)
        {
            Assert.Equal(FlowErrorCode.NotFound, documents[i].Error!.Code);
            Assert.EndsWith($"is {kinds[i]} and not a regular file.", documents[i].Error!.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.Path, documents[i].Error!.Message, StringComparison.Ordinal);
        }

        Assert.Null(documents[4].Error);
    }

    [Fact]
    public async Task Devices_below_a_root_and_files_without_a_length_are_not_read_for_ever()
    {
        await using var flow = await TestFlow.StartAsync("- { uses: ImageDecoder, uses_with: { roots: [/dev, /proc], max_bytes: 100 } }", _folder.Path);

        var documents = await flow.SendAsync("/", [new Document { Uri = "/dev/zero" }, new Document { Uri = "/proc/self/maps" }]);

        Assert.EndsWith("'/dev/zero' is a device and not a regular file.", documents[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(FlowErrorCode.PayloadTooLarge, documents[1].Error!.Code);
        Assert.EndsWith("at most 100 are read (max_bytes).", documents[1].Error!.Message, StringComparison.Ordinal);
    }
}
