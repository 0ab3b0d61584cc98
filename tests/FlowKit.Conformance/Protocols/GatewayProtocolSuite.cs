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

    [Theory]
    [InlineData("")]
    [InlineData(", strict: true")]
    public async Task An_endpoint_that_nobody_answers_is_an_error_that_names_it_and_those_there_are(string strict)
    {
        await using var server = await ServeAsync("name: a, uses: Narrow", strict, new TestFlowOptions { Executors = [typeof(Narrow)] });
        await using var caller = server.Connect();

        var unknown = (await caller.CallAsync(new ProtocolCall(new Document("1")) { Endpoint = "/nope" })).Error!;
        var known = await caller.CallAsync(new ProtocolCall(new Document("1") { Text = "a" }) { Endpoint = "/only" });

        Assert.Equal(FlowErrorCode.NotFound, unknown.Code);
        Assert.Contains("No executor of this flow answers '/nope'. It answers /only.", unknown.Message, StringComparison.Ordinal);
        Assert.Equal("a!", known.Documents[0].Text);
    }
}
