namespace FlowKit.Client.Tests;

/// <summary>A stream that cannot be answered, over every protocol.</summary>
public sealed class FailedStreamTests
{
    [Theory]
    [InlineData("http", 1)]
    [InlineData("http", 2)]
    [InlineData("ws", 1)]
    [InlineData("ws", 2)]
    [InlineData("grpc", 2)]
    public async Task An_executors_failure_names_it_and_its_exception(string scheme, int documents)
    {
        await using var served = await ServedFlow.StartAsync(scheme == "grpc" ? ", protocol: grpc" : "");
        served.Script.On("first", _ => throw new InvalidOperationException("it broke"));
        await using var client = served.Connect(scheme);

        var error = await FailAsync(client, documents);

        Assert.Equal((FlowErrorCode.Internal, "it broke", "first", "InvalidOperationException"), (error.Code, error.Message, error.Executor, error.ExceptionName));
    }

    [Fact]
    public async Task A_failed_call_that_streams_over_grpc_has_a_status_only()
    {
        await using var served = await ServedFlow.StartAsync(", protocol: grpc");
        served.Script.On("first", _ => throw new FlowKitException(FlowErrorCode.NotFound, "no such index"));
        await using var client = served.Connect("grpc");

        var error = await FailAsync(client, 1);

        Assert.Equal(FlowErrorCode.NotFound, error.Code);
        Assert.EndsWith(": no such index", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("ws")]
    [InlineData("grpc")]
    public async Task A_flow_that_does_not_know_the_caller_refuses_the_stream(string scheme)
    {
        await using var served = await ServedFlow.StartAsync($", api_keys: {ServedFlow.Key}{(scheme == "grpc" ? ", protocol: grpc" : "")}");
        await using var client = served.Connect(scheme);

        Assert.Equal(FlowErrorCode.PermissionDenied, (await FailAsync(client, 1)).Code);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("ws")]
    [InlineData("grpc")]
    public async Task A_profile_of_a_request_that_failed_is_its_failure(string scheme)
    {
        await using var served = await ServedFlow.StartAsync(scheme == "grpc" ? ", protocol: grpc" : "");
        served.Script.On("first", _ => throw new FlowKitException(FlowErrorCode.NotFound, "no such index"));
        await using var client = served.Connect(scheme);

        var error = await Assert.ThrowsAsync<FlowKitException>(() => client.ProfileAsync("/run"));

        Assert.Contains("no such index", error.Message, StringComparison.Ordinal);
    }

    private static async Task<FlowError> FailAsync(FlowClient client, int documents)
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(async () => await client.StreamAsync("/run", [.. Enumerable.Range(0, documents).Select(index => new Document($"{index}"))]).ToListAsync());
        return error.Error;
    }
}
