using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>A flow in a small process gets more than it can hold, and lives; its neighbour is served.</summary>
public sealed class MemorySpecs : IDisposable
{
    private const long HeapLimit = 512L << 20;

    private const string Flow = """
        jtype: Flow
        executors:
          - name: encoder
            uses: ClipEncoder
          - name: indexer
            uses: VectorIndexer
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_too_much_is_refused_with_a_reason_and_the_others_are_served()
    {
        var start = FlowKitCommand.StartInfo("run", _folder.File("flow.yml", Flow), "--port", "0", "--workspace", _folder.Path);
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit.ToString("x", CultureInfo.InvariantCulture);
        await using var flow = await RunningFlow.StartAsync(start);
        var packed = Packed(150_000_000);
        using var done = new CancellationTokenSource();
        var neighbour = AskAsync(flow.Http, done.Token);

        var texts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(flow.Http, packed, "gzip")));
        var (status, pictures) = await SendAsync(flow.Http, Pictures(8), null);
        await done.CancelAsync();

        Assert.All(texts, text => Assert.True(text.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestEntityTooLarge, $"{text.Status} {text.Body}"));
        Assert.All(texts, text => Assert.Contains("gateway.memory", text.Body, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.All(JsonNode.Parse(pictures)!["data"]!.AsArray(), document => Assert.Null(document!["tags"]?["error"]));
        Assert.InRange(await neighbour, 1, int.MaxValue);
        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(MostResident(flow.Id), 1, 900);
        }

        await TestTimeout.UntilAsync(() => Used(flow.Http) == 0, "all memory to be given back");
    }

    /// <summary>Asks small things until the end; each must be answered.</summary>
    private static async Task<int> AskAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var count = 0;
        for (; !cancellationToken.IsCancellationRequested; count++)
        {
            using var response = await http.PostAsJsonAsync("/search", new { data = new[] { new { text = "a red apple" } } }, CancellationToken.None);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await Task.Delay(20, CancellationToken.None);
        }

        return count;
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpClient http, byte[] body, string? encoding)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await http.PostAsync(new Uri("/search", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static long Used(HttpClient http)
    {
        using var response = http.Send(new HttpRequestMessage(HttpMethod.Get, new Uri("/status", UriKind.Relative)));
        return JsonNode.Parse(response.Content.ReadAsStream())!["flow"]!["memory"]!["used"]!.GetValue<long>();
    }

    private static long MostResident(int process)
    {
        const string Field = "VmHWM:";
        var line = File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith(Field, StringComparison.Ordinal));
        return long.Parse(line[Field.Length..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>One text that unpacks to some 120 times its size.</summary>
    private static byte[] Packed(int bytes)
    {
        var random = new Random(1);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write("""{"data":[{"text":" """u8);
            for (var written = 0; written < bytes; written += 1500)
            {
                gzip.Write(Encoding.ASCII.GetBytes($"{random.Next():x8} {new string('x', 1490)}"));
            }

            gzip.Write("""x"}]}"""u8);
        }

        return packed.ToArray();
    }

    /// <summary>Pictures of 100 megapixels, one bit each.</summary>
    private static byte[] Pictures(int count)
    {
        const int Side = 10_000;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[Side * (1 + ((Side + 7) / 8))]);
        }

        byte[] size = [0, 0, Side >> 8, Side & 255];
        byte[] png =
        [
            0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n',
            .. PngChunk.Of("IHDR"u8, [.. size, .. size, 1, 0, 0, 0, 0]), .. PngChunk.Of("IDAT"u8, packed.ToArray()), .. PngChunk.Of("IEND"u8, []),
        ];
        var documents = Enumerable.Repeat($$"""{"blob":"{{Convert.ToBase64String(png)}}"}""", count);
        return Encoding.ASCII.GetBytes($$"""{"data":[{{string.Join(',', documents)}}]}""");
    }
}
