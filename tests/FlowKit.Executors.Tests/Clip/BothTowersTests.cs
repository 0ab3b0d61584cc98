using System.Net;
using System.Net.Sockets;
using static FlowKit.Executors.Tests.Encoding.ClipImageEncoderTests;

namespace FlowKit.Executors.Tests.Encoding;

/// <summary>Texts and pictures of one request go through both towers at once.</summary>
public sealed class BothTowersTests(DualFlow clip) : IClassFixture<DualFlow>
{
    // More than are ever embedded: the request is given up long before.
    private const int ManyTexts = 50_000;

    [Fact]
    public async Task A_picture_is_embedded_while_texts_of_its_request_still_are_and_who_goes_away_leaves_both_towers_to_the_next()
    {
        using var gone = new CancellationTokenSource();
        var texts = Texts(ManyTexts);
        var pictures = Enumerable.Range(0, 40).Select(i => new Document { Tensor = Picture.Noise(300, 300, i) }).ToList();
        var request = clip.Flow.ReplyAsync("/", [.. texts, .. pictures], """{"batch_size": 1}""", gone.Token);
        Assert.True(SpinWait.SpinUntil(() => pictures[0].Embedding is not null, TimeSpan.FromMinutes(1)));
        await gone.CancelAsync();

        Assert.Equal(FlowErrorCode.Cancelled, (await request).Error?.Code);
        Assert.All(await clip.EncodeAsync([new Document { Text = "a dog" }, new Document { Blob = Picture.Named("dog") }]), document => Assert.Equal(512, document.Embedding!.Length));
        Assert.Null(texts[^1].Embedding);
    }

    [Fact]
    public async Task Texts_are_embedded_while_a_picture_of_their_request_is_fetched()
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var address = $"127.0.0.1:{((IPEndPoint)host.LocalEndpoint).Port}";
        await using var flow = await TestFlow.StartAsync($"- {{ uses: ClipEncoder, uses_with: {{ hosts: ['{address}'] }} }}");
        var texts = Texts(10);
        var request = flow.SendAsync("/", [new Document("far") { Uri = $"http://{address}/dog.jpg" }, .. texts]);
        using var asked = await host.AcceptTcpClientAsync();

        Assert.True(SpinWait.SpinUntil(() => texts.All(text => text.Embedding is not null), TimeSpan.FromMinutes(1)));
        Assert.False(request.IsCompleted);
        await AnswerAsync(asked.GetStream(), Picture.Named("dog"));

        var reply = await request;
        Assert.Equal(["far", .. texts.Select(text => text.Id)], reply.Select(document => document.Id));
        AssertSame(await clip.EmbedAsync(new Document { Blob = Picture.Named("dog") }), reply[0].Embedding!.ToFloats(), 1e-5f);
    }

    [Fact]
    public async Task Documents_keep_their_order_and_each_failure_is_one_documents_own()
    {
        var mixed = Enumerable.Range(0, 60).Select(i => (i % 3) switch
        {
            0 => new Document($"{i}") { Text = $"number {i}" },
            1 => new Document($"{i}") { Tensor = Picture.Noise(40, 50, i) },
            _ => new Document($"{i}") { Blob = "no picture"u8.ToArray() },
        }).ToList();

        var reply = await clip.EncodeAsync(mixed, """{"batch_size": 7}""");

        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), reply.Select(document => document.Id));
        Assert.All(reply, document => Assert.Equal(int.Parse(document.Id, System.Globalization.CultureInfo.InvariantCulture) % 3 == 2, document.Error is not null));
        AssertSame(await clip.EmbedAsync(new Document { Text = "number 33" }), reply[33].Embedding!.ToFloats(), 1e-5f);
        AssertSame(await clip.EmbedAsync(new Document { Tensor = Picture.Noise(40, 50, 34) }), reply[34].Embedding!.ToFloats(), 1e-5f);
    }

    private static List<Document> Texts(int count) => [.. Enumerable.Range(0, count).Select(i => new Document($"t{i}") { Text = $"a photo of number {i}" })];

    private static async Task AnswerAsync(NetworkStream stream, byte[] body)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(body);
    }
}
