using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>What <c>flowkit post</c> says about what it posted.</summary>
public sealed class PostSpecs(ImageSearch search) : IClassFixture<ImageSearch>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_misspelled_endpoint_is_told_though_an_executor_would_answer_it()
    {
        var refused = await FlowKitCommand.RunAsync("post", search.Flow.Address, "--on", "/serch", "--text", "red apple");
        var posted = await FlowKitCommand.RunAsync("post", search.Flow.Address, "--on", "/serch", "--text", "red apple", "--unbound");

        Assert.Equal(1, refused.ExitCode);
        Assert.Empty(refused.Output);
        Assert.Contains("No executor of this flow names '/serch'; did you mean '/search'?", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, posted.ExitCode);
        Assert.Contains("\"text\":\"red apple\"", posted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_nobody_reads_is_told()
    {
        var result = await FlowKitCommand.RunAsync("post", search.Flow.Address, "--on", "/search", "--text", "x", "--parameters", """{"limt": 3}""");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("parameters.limt: it is read by no executor that answers '/search'; did you mean 'limit'?", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_cannot_be_read_are_counted_and_the_others_are_posted()
    {
        var pictures = Directory.GetFiles(Repository.At("flows", "image-search", "pictures"), "*.jpg").Order(StringComparer.Ordinal).Take(3);
        foreach (var picture in pictures)
        {
            File.Copy(picture, Path.Combine(_folder.Path, Path.GetFileName(picture)));
        }

        File.CreateSymbolicLink(Path.Combine(_folder.Path, "a-dangling.jpg"), Path.Combine(_folder.Path, "nothing"));

        var result = await FlowKitCommand.RunAsync("post", search.Flow.Address, "--on", "/encode", "--inputs", $"{_folder.Path}/*.jpg", "--request-size", "2", "--output", "table", "--unbound");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a-dangling.jpg' cannot be read", result.Errors, StringComparison.Ordinal);
        Assert.Matches(@"3 documents in [\d.]+ s \(\d+/s\), 1 could not be read\.", result.Errors);
    }

    [UnixFact]
    public async Task Lines_of_texts_come_from_standard_input_and_lines_of_documents_from_a_file()
    {
        var texts = string.Join('\n', Enumerable.Range(0, 250).Select(i => $"text {i}"));
        _folder.File("texts", texts);
        var documents = _folder.File("documents.jsonl", "{\"id\": \"one\", \"text\": \"apple\"}\nnot JSON\n{\"id\": \"two\", \"text\": \"pear\"}\n");
        string[] command = ["post", search.Flow.Address, "--on", "/encode", "--output", "jsonl"];

        var piped = FlowKitCommand.StartInfo("post", search.Flow.Address, "--on", "/encode", "--text-lines", "-");
        string[] words = [piped.FileName, .. piped.ArgumentList];
        piped.FileName = "/bin/sh";
        piped.ArgumentList.Clear();
        piped.ArgumentList.Add("-c");
        piped.ArgumentList.Add($"exec \"$@\" < '{Path.Combine(_folder.Path, "texts")}'");
        piped.ArgumentList.Add("sh");
        Array.ForEach(words, piped.ArgumentList.Add);
        var fromInput = await FlowKitCommand.RunAsync(piped);
        var fromFile = await FlowKitCommand.RunAsync([.. command, "--json-lines", documents]);
        var missing = await FlowKitCommand.RunAsync([.. command, "--json-lines", "nowhere.jsonl"]);
        var twice = await FlowKitCommand.RunAsync([.. command, "--json-lines", "-", "--text-lines", "-"]);

        Assert.Equal(0, fromInput.ExitCode);
        var answered = fromInput.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"text {i}"), answered.Select(line => (string?)JsonNode.Parse(line)!["text"]));
        Assert.Equal(1, fromFile.ExitCode);
        Assert.Equal(["one", "two"], fromFile.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string?)JsonNode.Parse(line)!["id"]));
        Assert.Contains("Line 2 is no document: ", fromFile.Errors, StringComparison.Ordinal);
        Assert.Contains("1 could not be read", fromFile.Errors, StringComparison.Ordinal);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("--json-lines: the file 'nowhere.jsonl' cannot be read", missing.Errors, StringComparison.Ordinal);
        Assert.Equal(2, twice.ExitCode);
        Assert.Contains("--json-lines: standard input has the lines of --text-lines already.", twice.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hundreds_of_documents_without_matches_are_a_number_and_no_table()
    {
        var texts = Enumerable.Range(0, 150).SelectMany(i => new[] { "--text", $"text {i}" });

        var result = await FlowKitCommand.RunAsync(["post", search.Flow.Address, "--on", "/encode", "--output", "table", .. texts]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(21, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("… and 130 more", result.Output, StringComparison.Ordinal);
        Assert.Contains("150 documents in", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_documents_is_a_word()
    {
        var result = await FlowKitCommand.RunAsync("post", search.Flow.Address, "--on", "/delete");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Answered, without documents.", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_says_how_many_were_answered()
    {
        // A flow that takes a connection and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var process = System.Diagnostics.Process.Start(
            FlowKitCommand.StartInfo("post", $"ws://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", "--text", "x", "--text", "y"))!;
        using var accepted = await silent.AcceptTcpClientAsync();

        _ = System.Diagnostics.Process.Start("bash", ["-c", $"kill -INT {process.Id}"]);
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Ended early: 0 documents of 2 answered.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelled_command_is_told_by_the_one_that_was_meant()
    {
        var result = await FlowKitCommand.RunAsync("rnu", "flow.yml");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("There is no command 'rnu'; did you mean 'run'?", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_is_not_there_is_never_compared_as_a_text()
    {
        var apple = Repository.At("flows", "image-search", "pictures", "red-apple.jpg");

        var missing = await FlowKitCommand.RunAsync("clip", "compare", apple, "aple.jpg", "a red apple");
        var named = await FlowKitCommand.RunAsync("clip", "compare", $"file:{apple}", "text:aple.jpg", "a red apple");

        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("There is no picture 'aple.jpg'", missing.Errors, StringComparison.Ordinal);
        Assert.Equal(0, named.ExitCode);
        Assert.Equal(2, JsonDocument.Parse(named.Output).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Status_names_who_works_on_an_endpoint_in_the_order_of_the_graph()
    {
        var status = JsonDocument.Parse(await search.Flow.Http.GetStringAsync("/status")).RootElement.GetProperty("flow").GetProperty("endpoints");

        Assert.Equal(["decoder", "image_encoder", "text_encoder", "indexer", "ranker"], Executors("/search"));
        Assert.Equal(["decoder", "image_encoder", "text_encoder", "indexer"], Executors("/index"));
        Assert.Equal(["indexer"], Executors("/delete"));

        string[] Executors(string endpoint) => [.. status.GetProperty(endpoint).EnumerateArray().Select(name => name.GetString()!)];
    }
}
