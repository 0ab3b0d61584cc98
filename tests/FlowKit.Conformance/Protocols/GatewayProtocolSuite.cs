using FlowKit.TestKit;

namespace FlowKit.Conformance.Protocols;

/// <summary>Holds for the protocols of a gateway, before a whole flow.</summary>
public abstract class GatewayProtocolSuite : ProtocolSuite
{
    /// <summary>The keys of <c>gateway:</c> by which the protocol is served, each with a comma before it.</summary>
    protected virtual string Keys => "";

    /// <summary>The scheme of the client's address.</summary>
    protected abstract string Scheme { get; }

    /// <inheritdoc/>
    protected override Task<ProtocolServer> ServeAsync(string executor, string gateway, TestFlowOptions options) =>
        GatewayServer.StartAsync($"jtype: Flow\nexecutors:\n  - {{{executor}}}\ngateway: {{port: 0{Keys}{gateway}}}\n", Scheme, options);

    [Fact]
    public async Task An_endpoint_that_nobody_answers_is_refused_by_a_strict_gateway_which_names_those_there_are()
    {
        await using var server = await ServeAsync("name: a, uses: Narrow", ", strict: true", new TestFlowOptions { Executors = [typeof(Narrow)] });
        await using var caller = server.Connect();

        var unknown = (await caller.CallAsync(new ProtocolCall(new Document("1")) { Endpoint = "/nope" })).Error!;
        var known = await caller.CallAsync(new ProtocolCall(new Document("1") { Text = "a" }) { Endpoint = "/only" });

        Assert.Equal(FlowErrorCode.NotFound, unknown.Code);
        Assert.Contains("No executor of this flow answers '/nope'. It answers /only.", unknown.Message, StringComparison.Ordinal);
        Assert.Equal("a!", known.Documents[0].Text);
    }

    [Fact]
    public async Task An_endpoint_that_nobody_answers_gives_documents_back_as_they_came_and_is_told_once_in_the_log()
    {
        using var logs = new CollectedLogs();
        await using var server = await ServeAsync("name: a, uses: Narrow", "", new TestFlowOptions { Executors = [typeof(Narrow)], Loggers = logs });
        await using var caller = server.Connect();

        for (var time = 0; time < 3; time++)
        {
            var answer = await caller.CallAsync(new ProtocolCall(new Document("1") { Text = "as it came" }, new Document("2")) { Endpoint = "/nope" });

            Assert.Null(answer.Error);
            Assert.Equal(["1 as it came", "2 "], answer.Documents.Select(document => $"{document.Id} {document.Text}"));
        }

        Assert.Single(logs.Lines, message => message.Contains("No executor of this flow answers '/nope'", StringComparison.Ordinal));
    }
}
