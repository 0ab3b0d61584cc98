using System.Net;
using System.Text.Json.Nodes;
using FlowKit.Serving.Gateway.Compat;
using FlowKit.TestKit;

namespace FlowKit.Conformance.Compat;

/// <summary>Holds for every family of <c>gateway.compat</c>, whose words and shapes are another system's.</summary>
[ConformanceSuite(typeof(CompatFamily))]
public abstract class CompatFamilySuite
{
    private const string Key = "a-key-of-the-tests-0123";

    /// <summary>The name that <c>gateway.compat</c> writes.</summary>
    protected abstract string Family { get; }

    /// <summary>The routes that embed.</summary>
    protected abstract IReadOnlyList<CompatRoute> Routes { get; }

    /// <summary>Takes the message of an error from a reply; <see langword="null"/> when it is none of this family's.</summary>
    protected abstract string? ErrorOf(JsonNode reply);

    [Fact]
    public async Task Every_item_gets_its_embedding_in_order()
    {
        await using var served = await StartAsync();
        foreach (var route in Routes)
        {
            foreach (var count in (int[])[1, 2, 9])
            {
                var (status, reply) = await served.PostAsync(route, Items(route, count));

                Assert.Equal(HttpStatusCode.OK, status);
                Assert.Equal(Enumerable.Range(0, count).Select(number => (float)number), route.Embeddings(reply).Select(embedding => (float)embedding![1]!));
            }
        }
    }

    [Fact]
    public async Task An_item_that_is_none_is_named_by_its_index_and_the_flow_is_not_asked()
    {
        await using var served = await StartAsync();
        foreach (var route in Routes)
        {
            foreach (var bad in (IEnumerable<string>)["17", "true", "null", "[]", .. route.Wrong])
            {
                var items = Items(route, 3);
                items[1] = JsonNode.Parse(bad);

                var (status, reply) = await served.PostAsync(route, items);

                Assert.True(status == HttpStatusCode.BadRequest, $"{route} {bad}: {status} {reply.ToJsonString()}");
                Assert.StartsWith($"{route.Field}[1]", ErrorOf(reply), StringComparison.Ordinal);
            }
        }

        Assert.Equal(0, served.Flow.Script.CallsOf("a"));
    }

    [Fact]
    public async Task An_item_that_the_flow_cannot_use_is_named_by_its_index_with_the_reason()
    {
        await using var served = await StartAsync(call =>
        {
            call.Documents[2].Fail(FlowErrorCode.InvalidArgument, "not an image in a known format");
            return Embed(call);
        });
        foreach (var route in Routes)
        {
            var (status, reply) = await served.PostAsync(route, Items(route, 4));

            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Matches($@"^{route.Field}\[2\]\S*: not an image in a known format$", ErrorOf(reply));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2")]
    [InlineData("\"\\ud800")]
    public async Task A_body_that_is_no_JSON_is_told_in_the_familys_words(string body)
    {
        await using var served = await StartAsync();
        foreach (var route in Routes)
        {
            var (status, reply) = await served.PostAsync(route, body);

            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("not valid JSON", ErrorOf(reply), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("\"text\"")]
    public async Task A_body_without_the_list_is_an_error_and_no_fault_of_the_server(string body)
    {
        await using var served = await StartAsync();
        foreach (var route in Routes)
        {
            var (status, reply) = await served.PostAsync(route, body);

            Assert.InRange((int)status, 200, 499);
            Assert.False(string.IsNullOrEmpty(ErrorOf(reply)), reply.ToJsonString());
        }

        Assert.Equal(0, served.Flow.Script.CallsOf("a"));
    }

    [Fact]
    public async Task What_an_executor_throws_is_a_fault_of_the_server_in_the_familys_words()
    {
        await using var served = await StartAsync(_ => throw new InvalidOperationException("it broke"));
        foreach (var route in Routes)
        {
            var (status, reply) = await served.PostAsync(route, Items(route, 2));

            Assert.Equal((HttpStatusCode.InternalServerError, "it broke"), (status, ErrorOf(reply)));
        }
    }

    [Fact]
    public async Task A_flow_that_does_not_embed_says_which_executor_it_lacks()
    {
        await using var served = await StartAsync(_ => default);
        foreach (var route in Routes)
        {
            var (status, reply) = await served.PostAsync(route, Items(route, 1));

            Assert.Equal(HttpStatusCode.NotImplemented, status);
            Assert.Contains("ClipEncoder", ErrorOf(reply), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_flow_refuses_with_429_and_a_time_to_come_again()
    {
        using var gate = new ManualGate();
        await using var served = await StartAsync(call => gate.PassAsync(call.Token), ", capacity: 1");
        var held = served.PostAsync(Routes[0], Items(Routes[0], 1));
        await gate.ArrivedAsync();

        foreach (var route in Routes)
        {
            using var response = await served.SendAsync(route, route.Body(Items(route, 1)).ToJsonString());

            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            Assert.Contains("gateway.capacity", ErrorOf(await CompatServer.ReadAsync(response)), StringComparison.Ordinal);
        }

        gate.Open();
        await held.WithTimeout();
    }

    [Fact]
    public async Task A_deadline_is_504_and_cancels_the_executor()
    {
        using var gate = new ManualGate();
        await using var served = await StartAsync(call => gate.PassAsync(call.Token));
        served.Http.DefaultRequestHeaders.Add("X-Request-Timeout-Ms", "100");

        var (status, reply) = await served.PostAsync(Routes[0], Items(Routes[0], 1));

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.False(string.IsNullOrEmpty(ErrorOf(reply)), reply.ToJsonString());
        await TestTimeout.UntilAsync(() => gate.Waiting == 0 && served.Flow.Runtime.InFlight == 0, "the executor to be cancelled");
    }

    [Fact]
    public async Task A_caller_that_goes_away_cancels_the_executor()
    {
        using var gate = new ManualGate();
        await using var served = await StartAsync(call => gate.PassAsync(call.Token));
        using var going = new CancellationTokenSource();
        var asking = served.SendAsync(Routes[0], Routes[0].Body(Items(Routes[0], 1)).ToJsonString(), going.Token);
        await gate.ArrivedAsync();

        await going.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await TestTimeout.UntilAsync(() => gate.Waiting == 0 && served.Flow.Runtime.InFlight == 0, "the executor to be cancelled");
    }

    [Fact]
    public async Task Keys_guard_its_routes_as_all_others()
    {
        await using var served = await StartAsync(gateway: $", api_keys: {Key}");
        foreach (var route in Routes)
        {
            var (closed, _) = await served.PostAsync(route, Items(route, 1));
            Assert.Equal(HttpStatusCode.Unauthorized, closed);
        }

        served.Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {Key}");
        var (open, _) = await served.PostAsync(Routes[0], Items(Routes[0], 1));
        Assert.Equal(HttpStatusCode.OK, open);
    }

    [Fact]
    public async Task A_body_larger_than_allowed_is_413()
    {
        await using var served = await StartAsync(gateway: ", max_request_size: 2000");
        foreach (var route in Routes)
        {
            using var response = await served.SendAsync(route, $$"""{"{{route.Field}}": "{{new string('x', 5000)}}"}""");

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
    }

    [Fact]
    public async Task Its_routes_are_there_only_when_the_gateway_names_it_and_only_for_POST()
    {
        await using var served = await StartAsync();
        await using var without = await CompatServer.StartAsync("", Embed);
        foreach (var route in Routes)
        {
            using var read = await served.Http.GetAsync(route.Path);
            var (absent, _) = await without.PostAsync(route, Items(route, 1));

            Assert.Equal((HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound), (read.StatusCode, absent));
        }
    }

    private static JsonArray Items(CompatRoute route, int count) => new([.. Enumerable.Range(0, count).Select(route.Item)]);

    /// <summary>Embeds a document as its place: what comes back tells whose embedding it is.</summary>
    private static ValueTask<object?> Embed(ScriptedCall call)
    {
        for (var place = 0; place < call.Documents.Count; place++)
        {
            call.Documents[place].Embedding = NdArray.Wrap(new float[] { 1, NumberOf(call.Documents[place]) }, 2);
        }

        return default;
    }

    /// <summary>The number that <see cref="CompatRoute.Item"/> was given: the item's only letter or byte.</summary>
    private static int NumberOf(Document document) => document.Text is { } text ? text[0] - '0' : document.Blob!.Value.Span[0];

    private Task<CompatServer> StartAsync(Func<ScriptedCall, ValueTask<object?>>? body = null, string gateway = "") =>
        CompatServer.StartAsync($", compat: {Family}{gateway}", body ?? Embed);
}
