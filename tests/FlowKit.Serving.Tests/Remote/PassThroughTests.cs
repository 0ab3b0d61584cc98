using System.Net;
using System.Text;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using FlowKit.Wire.Proto;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf;
using Grpc.Core;

namespace FlowKit.Serving.Remote;

/// <summary>Documents that no executor of this process reads go on as they came. What decoding would lose, a field that nobody knows, tells.</summary>
public sealed class PassThroughTests
{
    /// <summary>Field 1000 of a document, which no DocArray has.</summary>
    private static readonly byte[] s_unknown = [0xC2, 0x3E, 0x03, (byte)'n', (byte)'e', (byte)'w'];

    /// <summary>A tensor whose elements are said to take more bytes than follow.</summary>
    private static readonly byte[] s_broken = [0x1A, 0x02, 0x0A, 0x7F];

    [Fact]
    public async Task Documents_go_through_a_chain_of_executors_elsewhere_byte_for_byte()
    {
        await using var first = await RelayHost.StartAsync();
        await using var second = await RelayHost.StartAsync();
        await using var gateway = await StartAsync(Far("first", first), Far("second", second));

        var reply = DataRequestProto.Parser.ParseFrom(await RelayHost.AskAsync(gateway.Grpc!, Message("/search", s_unknown)));

        Assert.All([first, second], host => Assert.Contains(Text(s_unknown), Text(host.Came.Single()), StringComparison.Ordinal));
        Assert.Contains(Text(s_unknown), Text(reply.Data.ToByteArray()), StringComparison.Ordinal);
        Assert.Equal(["gateway", "first", "second"], reply.Routes.Select(route => route.Executor));
    }

    [Fact]
    public async Task Branches_get_the_documents_as_they_came_and_a_join_reads_them()
    {
        await using var left = await RelayHost.StartAsync();
        await using var right = await RelayHost.StartAsync();
        await using var gateway = await StartAsync(Far("left", left, "needs: gateway"), Far("right", right, "needs: gateway"), "{name: both, uses: Scripted, needs: [left, right]}");

        var reply = DataRequestProto.Parser.ParseFrom(await RelayHost.AskAsync(gateway.Grpc!, Message("/search", s_unknown)));

        Assert.All([left, right], host => Assert.Contains(Text(s_unknown), Text(host.Came.Single()), StringComparison.Ordinal));
        Assert.Equal(("1", false), (reply.Data.Docs.Docs.Single().Id, Text(reply.Data.ToByteArray()).Contains(Text(s_unknown), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_executor_of_this_process_gets_them_decoded_and_what_it_changes_goes_on()
    {
        await using var first = await RelayHost.StartAsync();
        await using var second = await RelayHost.StartAsync();
        await using var gateway = await StartAsync(Far("first", first), "{name: a, uses: Scripted}", Far("second", second));
        gateway.Script.On("a", call =>
        {
            call.Documents[0].Text += "!";
            return default;
        });

        var reply = DataRequestProto.Parser.ParseFrom(await RelayHost.AskAsync(gateway.Grpc!, Message("/search", s_unknown)));

        Assert.Equal("one!", reply.Data.Docs.Docs.Single().Text);
        Assert.Contains("one!", Text(second.Came.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_HTTP_they_are_decoded_at_the_end()
    {
        await using var far = await RelayHost.StartAsync();
        await using var gateway = await StartAsync(Far("far", far));

        var (status, body) = await gateway.AskAsync("""{"data": [{"id": "1", "text": "one"}], "execEndpoint": "/search"}""");

        Assert.Equal((HttpStatusCode.OK, "one"), (status, (string?)body["data"]![0]!["text"]));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("{name: a, uses: Scripted}", false)]
    [InlineData("", true)]
    public async Task What_is_wrong_with_an_answer_is_told_with_the_name_of_whoever_sent_it(string behind, bool isHttp)
    {
        await using var far = await RelayHost.StartAsync(_ => Message("/search", s_broken));
        await using var gateway = await StartAsync([Far("far", far), .. behind.Length > 0 ? [behind] : Array.Empty<string>()]);

        var reply = isHttp || behind.Length > 0 ? (await gateway.Flow.PostAsync("/search", new Document("1") { Text = "one" })).Error! : null;
        var passed = reply is null ? await RelayHost.AskAsync(gateway.Grpc!, Message("/search", [])) : null;

        // A client of the same dialect gets them as they are, as from Jina's gateway; everyone else is told.
        Assert.True(passed is not null ? Text(passed).Contains(Text(s_broken), StringComparison.Ordinal) : reply!.Executor == "far" && reply.Message.StartsWith("'far' answered with documents that cannot be read: ", StringComparison.Ordinal), reply?.Message);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_ends_it_before_anything_reads_it_here()
    {
        await using var gateway = await StartAsync("{name: a, uses: Scripted}");

        var error = await Assert.ThrowsAsync<RpcException>(() => RelayHost.AskAsync(gateway.Grpc!, Message("/search", s_broken)));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("docs[0]", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_failed_elsewhere_is_kept_from_the_next_executor()
    {
        var failed = new Document("bad") { Text = "bad" };
        failed.Fail(FlowErrorCode.InvalidArgument, "no picture");
        await using var far = await RelayHost.StartAsync(_ => Wire(new Wire.DataRequest { ExecEndpoint = "/search", Documents = [new Document("good"), failed] }));
        await using var gateway = await StartAsync(Far("far", far), "{name: a, uses: Scripted}");
        var seen = new List<string>();
        gateway.Script.On("a", call =>
        {
            seen.AddRange(call.Documents.Select(document => document.Id));
            return default;
        });

        var reply = await gateway.Flow.PostAsync("/search", new Document("1"));

        Assert.Equal(["good"], seen);
        Assert.Equal("no picture", reply.Documents[1].Error!.Message);
    }

    private static string Far(string name, RelayHost host, string more = "") => $"{{name: {name}, external: true, port: {host.Port}{(more.Length > 0 ? ", " : "")}{more}}}";

    private static Task<TestGateway> StartAsync(params string[] executors) => TestGateway.StartAsync(
        $"jtype: Flow\nexecutors:\n{string.Concat(executors.Select(executor => $"  - {executor}\n"))}gateway: {{protocol: [http, grpc], port: [0, 0]}}\n",
        new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });

    /// <summary>One document, with bytes of protobuf behind what is known of it.</summary>
    private static byte[] Message(string endpoint, byte[] more)
    {
        byte[] document = [.. new DocumentProto { Id = "1", Text = "one" }.ToByteArray(), .. more];
        byte[] docs = Field(1, document);
        var header = new DataRequestProto { Header = new HeaderProto { RequestId = "1", ExecEndpoint = endpoint } };
        return [.. header.ToByteArray(), .. Field(4, Field(1, docs))];
    }

    private static byte[] Field(int number, byte[] bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];

    private static byte[] Wire(Wire.DataRequest request)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        DataRequestCodec.Write(request, output);
        return output.WrittenSpan.ToArray();
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
