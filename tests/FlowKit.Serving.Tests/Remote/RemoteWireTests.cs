using System.Net;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Remote;

/// <summary>How an executor elsewhere is asked: dialect, metadata, certificates, names that lead to several addresses.</summary>
public sealed class RemoteWireTests
{
    private static FlowScript Mark(string text) => new FlowScript().On("a", call =>
    {
        foreach (var document in call.Documents)
        {
            document.Text += text;
        }

        return default;
    });

    private static Task<TestFlow> AskAsync(string keys, string folder = "") => TestFlow.StartAsync(
        $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, {keys}}}\n",
        new TestFlowOptions { Folder = folder.Length > 0 ? folder : null, Executors = [typeof(RemoteExecutor)] });

    [Theory]
    [InlineData("v1", "v1", true)]
    [InlineData("v2", "v2", true)]
    [InlineData("v1", "v2", false)]
    public async Task Both_sides_speak_the_dialect_that_is_said(string worker, string flow, bool areUnderstood)
    {
        await using var far = await TestWorker.StartAsync("name: a, uses: Scripted", new TestFlowOptions { Script = Mark("!") }, $"port: 0, docarray_version: {worker}");
        await using var near = await AskAsync($"port: {far.Port}, docarray_version: {flow}");

        var reply = await near.PostAsync("/search", new Document("1") { Text = "one" });

        Assert.Equal(areUnderstood, reply.Error is null && reply.Documents is [{ Text: "one!" }]);
    }

    [Fact]
    public async Task A_message_without_documents_is_answered_in_the_only_dialect()
    {
        await using var far = await TestWorker.StartAsync("name: a, uses: Scripted", new TestFlowOptions { Script = new FlowScript().On("a", _ => new ValueTask<object?>(new DocumentArray { new Document("made") { Text = "made" } })) }, "port: 0, docarray_version: v2");

        var request = new JinaMessage(new Wire.DataRequest { RequestId = "1", ExecEndpoint = "/search" }, DocArrayDialect.V2);
        var reply = await far.Channel.UnaryAsync(JinaDocumentMethods.Of(DocArrayDialect.V2).ProcessSingleData, request);

        Assert.Equal(DocArrayDialect.V2, reply.Dialect);
        Assert.Equal("made", reply.Request.Documents.Single().Text);
    }

    [Fact]
    public async Task Metadata_goes_along_with_every_call_as_a_key_does()
    {
        await using var far = await TestWorker.StartAsync("name: a, uses: Scripted", new TestFlowOptions { Script = Mark("!") }, "port: 0, api_keys: [a-key-of-sixteen-letters]");
        await using var stranger = await AskAsync($"port: {far.Port}");
        await using var known = await AskAsync($"port: {far.Port}, grpc_metadata: {{x-api-key: a-key-of-sixteen-letters}}");

        Assert.NotNull((await stranger.SendAsync("1")).Error);
        Assert.Null((await known.SendAsync("1")).Error);
    }

    [Fact]
    public async Task Only_a_client_with_a_certificate_of_the_authority_is_let_in()
    {
        using var folder = new TempFolder();
        using var others = new TempFolder();
        TestCertificate.Write(folder.Path);
        TestCertificate.Write(others.Path);
        File.Copy(Path.Combine(folder.Path, "cert.pem"), Path.Combine(others.Path, "server.pem"));
        await using var far = await TestWorker.StartAsync(
            "name: a, uses: Scripted",
            new TestFlowOptions { Script = Mark("!"), Folder = folder.Path },
            "port: 0, ssl_certfile: cert.pem, ssl_keyfile: key.pem, ssl_ca_certfile: cert.pem");
        await using var member = await AskAsync($"port: {far.Port}, tls: true, ssl_ca_certfile: cert.pem, ssl_certfile: cert.pem, ssl_keyfile: key.pem", folder.Path);
        await using var nobody = await AskAsync($"port: {far.Port}, tls: true, ssl_ca_certfile: cert.pem", folder.Path);
        await using var stranger = await AskAsync($"port: {far.Port}, tls: true, ssl_ca_certfile: server.pem, ssl_certfile: cert.pem, ssl_keyfile: key.pem", others.Path);

        Assert.Null((await member.SendAsync("1").WithTimeout()).Error);
        Assert.Equal(FlowErrorCode.Unavailable, (await nobody.SendAsync("1").WithTimeout()).Error!.Code);
        Assert.Equal(FlowErrorCode.Unavailable, (await stranger.SendAsync("1").WithTimeout()).Error!.Code);
    }

    [Fact]
    public async Task A_name_is_as_many_replicas_as_it_leads_to_and_is_asked_again()
    {
        using var folder = new TempFolder();
        var time = new FakeTimeProvider();
        IPAddress[] addresses = [IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")];
        var context = new ExecutorContext { Name = "far", Workspace = folder.Path, BaseDirectory = folder.Path, Logger = NullLogger.Instance, TimeProvider = time };
        using var peers = new RemotePeers(new RemoteOptions { Addresses = ["grpc://far.test:50000"] }, context, host => host == "far.test" ? Task.FromResult(addresses) : throw new InvalidOperationException(host));

        Assert.Contains("127.0.0.", (await ChosenAsync()).Name, StringComparison.Ordinal);
        Assert.Equal(2, peers.Count);

        addresses = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.4")];
        await ChosenAsync();
        Assert.Equal(2, peers.Count);
        time.Advance(TimeSpan.FromSeconds(11));
        await ChosenAsync();
        await TestTimeout.UntilAsync(() => peers.Count == 3, "the new address");

        async Task<RemotePeer> ChosenAsync()
        {
            using var turn = await peers.ChooseAsync([], isWriter: false, CancellationToken.None);
            return turn.Peer;
        }
    }
}
