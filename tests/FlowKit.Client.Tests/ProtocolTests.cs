using FlowKit.TestKit;

namespace FlowKit.Client.Tests;

/// <summary>What holds over every protocol.</summary>
public sealed class ProtocolTests
{
    public static TheoryData<string> Schemes => ["http", "https", "ws", "wss", "grpc", "grpcs"];

    private static Task<ServedFlow> StartAsync(string scheme, string settings = "") => ServedFlow.StartAsync(scheme.StartsWith("grpc", StringComparison.Ordinal) ? $"{settings}, protocol: grpc" : settings, tls: scheme is "https" or "wss" or "grpcs");

    private static async IAsyncEnumerable<Document> Documents(int count)
    {
        await Task.Yield();
        for (var index = 0; index < count; index++)
        {
            yield return new Document($"{index}");
        }
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Documents_tensors_and_parameters_arrive_and_come_back(string scheme)
    {
        await using var served = await StartAsync(scheme);
        served.Script.On("first", call =>
        {
            call.Documents[0].Text = $"{call.Documents[0].Tensor} {call.Parameters.Get("limit", 0)}";
            return default;
        });
        await using var client = served.Connect(scheme);
        var parameters = new Parameters();
        parameters.Values["limit"] = 7;

        var reply = await client.PostAsync("/run", [new Document("1") { Tensor = NdArray.Wrap(new float[] { 1, 2, 3 }, 3) }], new PostOptions { Parameters = parameters });

        Assert.Equal(("1", "float32 [3] 7"), (reply.Documents[0].Id, reply.Documents[0].Text));
        Assert.Equal(["gateway", "first"], reply.Routes.Select(route => route.Executor));
        Assert.Null(reply.Status);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_failure_is_a_status_and_the_client_goes_on(string scheme)
    {
        await using var served = await StartAsync(scheme);
        served.Script.On("first", call => call.Documents[0].Id == "bad" ? throw new InvalidOperationException("it broke") : default);
        await using var client = served.Connect(scheme);

        var failed = await client.PostAsync("/run", [new Document("bad")]);
        var good = await client.PostAsync("/run", [new Document("good")]);

        Assert.Equal((1, "it broke"), (failed.Status!.Code, failed.Status.Message));
        Assert.Null(good.Status);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Replies_come_in_order_or_as_they_are_ready(string scheme)
    {
        await using var served = await StartAsync(scheme);
        using var gate = new ManualGate();
        served.Script.On("first", call => call.Documents[0].Id == "0" ? gate.PassAsync(call.Token) : default);
        await using var client = served.Connect(scheme);

        var seen = new List<string>();
        await foreach (var reply in client.PostAsync("/run", Documents(4), new PostOptions { RequestSize = 1, Prefetch = 4, ResultsInOrder = false }))
        {
            seen.Add(reply.Documents[0].Id);
            if (seen.Count == 3)
            {
                gate.Open();
            }
        }

        Assert.Equal("0", seen[^1]);
        var ordered = await client.PostAsync("/run", Documents(4), new PostOptions { RequestSize = 1 }).Select(reply => reply.Documents[0].Id).ToListAsync();
        Assert.Equal(["0", "1", "2", "3"], ordered);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_key_opens_and_its_absence_is_told(string scheme)
    {
        await using var served = await StartAsync(scheme, $", api_keys: {ServedFlow.Key}");
        await using var without = served.Connect(scheme);
        await using var with = served.Connect(scheme, new FlowClientOptions { ApiKey = ServedFlow.Key });
        await using var bearer = served.Connect(scheme, new FlowClientOptions { Headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {ServedFlow.Key}" } });

        var error = await Assert.ThrowsAsync<FlowKitException>(() => without.PostAsync("/run", [new Document()]));

        Assert.Equal(FlowErrorCode.PermissionDenied, error.Error.Code);
        Assert.Contains("401", error.Message, StringComparison.Ordinal);
        Assert.Null((await with.PostAsync("/run", [new Document()])).Status);
        Assert.Null((await bearer.PostAsync("/run", [new Document()])).Status);
        Assert.Equal((false, true), (await without.IsFlowReadyAsync(), await with.IsFlowReadyAsync()));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_timeout_is_told_as_such(string scheme)
    {
        await using var served = await StartAsync(scheme);
        using var gate = new ManualGate();
        served.Script.On("first", call => gate.PassAsync(call.Token));
        await using var client = served.Connect(scheme);

        var error = await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document()], new PostOptions { Timeout = TimeSpan.FromMilliseconds(50) }));

        Assert.Equal(FlowErrorCode.DeadlineExceeded, error.Error.Code);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_client_that_is_disposed_twice_is_disposed_once(string scheme)
    {
        await using var served = await StartAsync(scheme);
        var client = served.Connect(scheme);
        await client.PostAsync("/run", [new Document()]);

        await client.DisposeAsync();
        await client.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task A_profile_adds_up_to_the_total(string scheme)
    {
        await using var served = await StartAsync(scheme);
        served.Script.On("first", async _ =>
        {
            await Task.Delay(20);
            return null;
        });
        await using var client = served.Connect(scheme);

        var profile = await client.ProfileAsync("/run");

        Assert.Equal(profile.Total, profile.Network + profile.Queue + profile.Busy);
        Assert.Equal("first", Assert.Single(profile.Executors).Executor);
        Assert.True(profile.Busy >= TimeSpan.FromMilliseconds(15), $"{profile.Busy}");
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task One_document_can_be_answered_by_many(string scheme)
    {
        await using var served = await StartAsync(scheme);
        served.Script.On("first", _ => new ValueTask<object?>(Documents(3)));
        await using var client = served.Connect(scheme);

        Assert.Equal(["0", "1", "2"], await client.StreamAsync("/run", [new Document("in")]).Select(document => document.Id).ToListAsync());
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Documents_of_one_request_can_be_streamed(string scheme)
    {
        await using var served = await StartAsync(scheme);
        await using var client = served.Connect(scheme);

        Assert.Equal(["a", "b"], await client.StreamAsync("/run", [new Document("a"), new Document("b")]).Select(document => document.Id).ToListAsync());
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_refused()
    {
        await using var served = await ServedFlow.StartAsync(tls: true);
        foreach (var scheme in new[] { "https", "wss" })
        {
            await using var client = new FlowClient(new UriBuilder(served.Gateway.Address) { Scheme = scheme }.Uri.ToString());

            var error = await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document()]));

            Assert.Equal(FlowErrorCode.Unavailable, error.Error.Code);
        }
    }

    [Theory]
    [InlineData("https")]
    [InlineData("wss")]
    [InlineData("grpcs")]
    public void Trusted_certificates_that_are_not_there_or_no_certificates_are_told(string scheme)
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "empty.pem"), "nothing of the kind");
        foreach (var file in (string[])["nowhere.pem", "empty.pem"])
        {
            var path = Path.Combine(folder.Path, file);

            var error = Assert.Throws<FlowKitException>(() => new FlowClient($"{scheme}://localhost:1", new FlowClientOptions { TrustedCertificatesFile = path })).Error;

            Assert.Equal(FlowErrorCode.InvalidArgument, error.Code);
            Assert.StartsWith($"The trusted certificates '{path}' cannot be read: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Many_requests_share_one_socket_and_find_their_replies()
    {
        await using var served = await ServedFlow.StartAsync();
        served.Script.Edit("first", documents => documents[0].Text = $"of {documents[0].Id}");
        await using var client = served.Connect("ws");

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(index => client.PostAsync("/run", [new Document($"{index}")])));

        Assert.All(replies.Select((reply, index) => (reply, index)), pair => Assert.Equal($"of {pair.index}", pair.reply.Documents[0].Text));
    }

    [Fact]
    public async Task A_socket_that_the_gateway_closes_fails_what_is_under_way_and_opens_again()
    {
        await using var served = await ServedFlow.StartAsync();
        served.Script.On("first", call => call.Documents[0].Id == "gone" ? throw new FlowKitException(FlowErrorCode.Unavailable, "the executor is away") : default);
        await using var client = served.Connect("ws");

        var error = await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document("gone")]));
        var after = await client.PostAsync("/run", [new Document("here")], new PostOptions { MaxAttempts = 3, InitialBackoff = TimeSpan.FromMilliseconds(10) });

        Assert.Equal(FlowErrorCode.Unavailable, error.Error.Code);
        Assert.Contains("the executor is away", error.Message, StringComparison.Ordinal);
        Assert.Null(after.Status);
    }
}
