using FlowKit.Imaging.Tests;

namespace FlowKit.Executors.Tests.Decoding;

public sealed class LinkAndOrientationTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ignore", 12, 9)]
    [InlineData("apply", 9, 12)]
    public async Task An_exif_orientation_is_applied_only_when_asked_for(string exif, int width, int height)
    {
        var file = PillowFile.Turned.Single(file => file.Name == "orientation 6").File;

        var document = await DecodeAsync($"exif: {exif}", new Document { Blob = file });

        Assert.Equal([height, width, 3], document.Tensor!.Shape.ToArray());
    }

    /// <summary>The link itself stays inside; the folder it leads through does not.</summary>
    [Fact]
    public async Task A_link_through_a_linked_folder_does_not_lead_out()
    {
        _folder.Write("outside/dog.jpg", Picture.Named("dog"));
        Directory.CreateDirectory(_folder.At("inside"));
        File.CreateSymbolicLink(_folder.At("inside", "folder"), _folder.At("outside"));
        File.CreateSymbolicLink(_folder.At("inside", "dog.jpg"), Path.Combine("folder", "dog.jpg"));

        Assert.Equal(FlowErrorCode.PermissionDenied, (await DecodeAsync("roots: [inside]", new Document { Uri = "inside/dog.jpg" })).Error?.Code);
        Assert.Equal(FlowErrorCode.PermissionDenied, (await DecodeAsync("roots: [inside]", new Document { Uri = "inside/folder/dog.jpg" })).Error?.Code);
    }

    [Fact]
    public async Task A_root_may_be_a_link_and_a_circle_of_links_is_an_error()
    {
        _folder.Write("real/dog.jpg", Picture.Named("dog"));
        File.CreateSymbolicLink(_folder.At("root"), _folder.At("real"));
        File.CreateSymbolicLink(_folder.At("real", "one.jpg"), "two.jpg");
        File.CreateSymbolicLink(_folder.At("real", "two.jpg"), "one.jpg");

        Assert.Null((await DecodeAsync("roots: [root]", new Document { Uri = "root/dog.jpg" })).Error);
        Assert.Contains("too many links", (await DecodeAsync("roots: [root]", new Document { Uri = "root/one.jpg" })).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_that_is_not_read_is_an_error_that_lists_those_that_are() =>
        Assert.Contains("expected a path, file:, data:", (await DecodeAsync("roots: [.]", new Document { Uri = "s3://bucket/dog.jpg" })).Error!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/delete")]
    [InlineData("/status")]
    public async Task A_document_that_is_to_be_deleted_is_not_read(string endpoint)
    {
        await using var flow = await TestFlow.StartAsync("- { uses: ImageDecoder }", _folder.Path);

        Assert.Null((await flow.SendAsync(endpoint, [new Document { Uri = "nowhere.jpg" }]))[0].Error);
    }

    private async Task<Document> DecodeAsync(string options, Document document)
    {
        await using var flow = await TestFlow.StartAsync($"- {{ uses: ImageDecoder, uses_with: {{ {options} }} }}", _folder.Path);
        return (await flow.SendAsync("/", [document]))[0];
    }
}
