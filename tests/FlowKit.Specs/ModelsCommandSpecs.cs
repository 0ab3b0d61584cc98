using System.Text.Json;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>flowkit models</c>, as a person at a terminal meets it.</summary>
public sealed class ModelsCommandSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_list_has_every_family_and_can_be_filtered()
    {
        var all = JsonSerializer.Deserialize<JsonElement[]>((await FlowKitCommand.RunAsync("models", "list", "--output", "json")).Output)!;
        var some = JsonSerializer.Deserialize<JsonElement[]>((await FlowKitCommand.RunAsync("models", "list", "mobileclip-s0", "--output", "json")).Output)!;

        Assert.True(all.Length > 100);
        Assert.Equal("tiny-clip", all.Single(static model => model.GetProperty("here").GetBoolean() && model.GetProperty("family").GetString() == "built in").GetProperty("name").GetString());
        Assert.Equal(256, Assert.Single(some).GetProperty("imageSize").GetInt32());
        Assert.Equal(100, all.Single(static model => model.GetProperty("name").GetString() == "ViT-B-32::openai").GetProperty("scale").GetSingle());
        Assert.Contains(all, static model => model.GetProperty("scale").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task A_hub_that_does_not_answer_is_an_error_with_the_next_step()
    {
        var result = await FlowKitCommand.RunAsync("models", "pull", "ViT-B/32", "--hub", "http://127.0.0.1:9", "--to", _folder.Path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("http://127.0.0.1:9", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--hub", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--card says the repository", "--card", "model.json", "--repo", "a/b")]
    [InlineData(2, "--card says the repository", "--card", "model.json", "--revision", "main")]
    [InlineData(1, "model.json", "--card", "model.json")]
    [InlineData(1, "cannot be reached", "--repo", "a/b")]
    [InlineData(1, "cannot be reached", "--revision", "v1")]
    public async Task A_card_says_all_and_a_repository_or_a_revision_may_be_named(int exitCode, string told, params string[] options)
    {
        var result = await FlowKitCommand.RunAsync(["models", "pull", "ViT-B/32", "--hub", "http://127.0.0.1:9", "--to", _folder.Path, .. options]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(told, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_no_address_is_wrong_use()
    {
        var result = await FlowKitCommand.RunAsync("models", "pull", "ViT-B/32", "--hub", "hub.local");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("hub.local", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_added_model_is_examined_verified_and_used_by_name()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "models", "tiny-clip");
        var export = Directory.CreateDirectory(Path.Combine(_folder.Path, "export")).FullName;
        foreach (var file in new[] { "visual.onnx", "textual.onnx", "merges.txt", "vocab.json" })
        {
            File.Copy(Path.Combine(source, file), Path.Combine(export, file));
        }

        var added = await FlowKitCommand.RunAsync("models", "add", export, "--name", "mine", "--to", Path.Combine(_folder.Path, "store"));
        Assert.True(added.ExitCode == 0, added.Errors);
        var link = Path.Combine(_folder.Path, "store", "mine");
        Assert.Equal(0, (await FlowKitCommand.RunAsync("models", "doctor", link)).ExitCode);
        Assert.Equal(0, (await FlowKitCommand.RunAsync("models", "verify", link)).ExitCode);
        File.AppendAllText(Path.Combine(export, "visual.onnx"), " ");
        var verified = await FlowKitCommand.RunAsync("models", "verify", link);
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("wrong  visual.onnx", verified.Output, StringComparison.Ordinal);
    }
}
