using System.Net;
using FlowKit.Imaging;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>The pictures of documents that a flow keeps.</summary>
public sealed class PictureRouteTests : IDisposable
{
    private static readonly byte[] s_png = ImageEncoder.EncodePng(RgbImage.Filled(400, 100, 200, 30, 30));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<TestGateway> StartAsync(params Document[] kept)
    {
        KeeperExecutor.Kept = [.. kept];
        Directory.CreateDirectory(Path.Combine(_folder.Path, "pictures"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "pictures", "red.png"), s_png);
        File.WriteAllBytes(Path.Combine(_folder.Path, "secret.png"), s_png);
        return TestGateway.StartAsync(
            "jtype: Flow\nexecutors:\n  - {name: keeper, uses: Keeper, uses_with: {roots: [pictures]}}\ngateway: {port: 0}\n",
            new TestFlowOptions { Executors = [typeof(KeeperExecutor)], Folder = _folder.Path });
    }

    private static async Task<RgbImage> ReadAsync(TestGateway gateway, string query)
    {
        using var response = await gateway.Http.GetAsync($"/picture?{query}");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType!.MediaType);
        return ImageDecoder.Decode(await response.Content.ReadAsByteArrayAsync());
    }

    private static async Task<(HttpStatusCode Status, string Text)> RefusedAsync(TestGateway gateway, string query)
    {
        using var response = await gateway.Http.GetAsync($"/picture?{query}");
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Content_data_and_files_below_the_roots_are_shown_as_small_jpegs()
    {
        await using var gateway = await StartAsync(
            new Document("blob") { Blob = s_png },
            new Document("data") { Uri = $"data:image/png;base64,{Convert.ToBase64String(s_png)}" },
            new Document("file") { Uri = "pictures/red.png" },
            new Document("thumb") { Uri = "pictures/gone.png", Tags = { ["thumbnail"] = $"data:image/png;base64,{Convert.ToBase64String(s_png)}" } });

        foreach (var id in (string[])["blob", "data", "file", "thumb"])
        {
            using var usual = await ReadAsync(gateway, $"id={id}");
            using var small = await ReadAsync(gateway, $"id={id}&side=40");
            using var large = await ReadAsync(gateway, $"id={id}&side=1024");

            Assert.Equal(((192, 48), (40, 10), (400, 100)), ((usual.Width, usual.Height), (small.Width, small.Height), (large.Width, large.Height)));
            Assert.InRange(small.Pixels.Span[0], (byte)180, (byte)220);
        }
    }

    [Fact]
    public async Task Who_has_a_picture_is_told_that_it_is_the_same_until_the_document_changes()
    {
        await using var gateway = await StartAsync(new Document("1") { Blob = s_png });
        using var first = await gateway.Http.GetAsync("/picture?id=1");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/picture?id=1") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var same = await gateway.Http.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal("max-age=60, private", first.Headers.CacheControl!.ToString());
        KeeperExecutor.Kept = [new Document("1") { Blob = ImageEncoder.EncodePng(RgbImage.Filled(4, 4, 0, 0, 0)) }];
        using var once = new HttpRequestMessage(HttpMethod.Get, "/picture?id=1") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var changed = await gateway.Http.SendAsync(once);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        KeeperExecutor.Kept = [];
        Assert.Equal(HttpStatusCode.NotFound, (await RefusedAsync(gateway, "id=1")).Status);
    }

    [Fact]
    public async Task What_may_not_or_cannot_be_shown_is_refused_with_the_reason()
    {
        await using var gateway = await StartAsync(
            new Document("outside") { Uri = "secret.png" },
            new Document("climbing") { Uri = "pictures/../secret.png" },
            new Document("host") { Uri = "http://127.0.0.1:1/x.png" },
            new Document("words") { Text = "only words" },
            new Document("broken") { Blob = "no picture"u8.ToArray() },
            new Document("gone") { Uri = "pictures/gone.png" });

        Assert.Equal(HttpStatusCode.Forbidden, (await RefusedAsync(gateway, "id=outside")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await RefusedAsync(gateway, "id=climbing")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await RefusedAsync(gateway, "id=host")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await RefusedAsync(gateway, "id=gone")).Status);
        Assert.Contains("has no picture", (await RefusedAsync(gateway, "id=words")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await RefusedAsync(gateway, "id=broken")).Status);
        Assert.Contains("No document 'other' is kept here.", (await RefusedAsync(gateway, "id=other")).Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "id: expected the id of a document.")]
    [InlineData("id=", "id: expected")]
    [InlineData("id=1&id=2", "id: expected")]
    [InlineData("id=1&side=0", "side: expected a whole number from 16 to 1024.")]
    [InlineData("id=1&side=9999", "side: expected")]
    [InlineData("id=1&side=big", "side: expected")]
    public async Task What_is_asked_wrongly_is_400(string query, string told)
    {
        await using var gateway = await StartAsync(new Document("1") { Blob = s_png });

        var (status, text) = await RefusedAsync(gateway, query);

        Assert.Equal((HttpStatusCode.BadRequest, true), (status, text.Contains(told, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_flow_that_keeps_nothing_says_so()
    {
        await using var gateway = await TestGateway.StartAsync();

        var (status, text) = await RefusedAsync(gateway, "id=1");

        Assert.Equal((HttpStatusCode.NotFound, true), (status, text.Contains("answers /get", StringComparison.Ordinal)));
    }

    /// <summary>An executor that keeps documents.</summary>
    [Executor("Keeper")]
    public sealed class KeeperExecutor(KeeperOptions options) : Executor
    {
        public static IReadOnlyList<Document> Kept { get; set; } = [];

        [Requests("/get")]
        public DocumentArray Get(Parameters parameters)
        {
            Assert.Single(options.Roots);
            var ids = parameters.Values["ids"]!.AsArray().Select(id => (string)id!).ToList();
            return new DocumentArray(Kept.Where(document => ids.Contains(document.Id)).Select(document => document.Clone()));
        }
    }

    /// <summary>Its options.</summary>
    public sealed class KeeperOptions
    {
        public IReadOnlyList<string> Roots { get; set; } = [];
    }
}
