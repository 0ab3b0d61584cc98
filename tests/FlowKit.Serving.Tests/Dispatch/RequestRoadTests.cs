using System.Diagnostics;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using Xunit.Abstractions;

namespace FlowKit.Serving.Dispatch;

/// <summary>The road of a request is short enough to be told, and docs/architecture.md tells it.</summary>
public sealed class RequestRoadTests(ITestOutputHelper output)
{
    private const int MaxSteps = 9;

    [Fact]
    public async Task From_the_socket_to_the_executor_stand_the_steps_that_the_page_tells()
    {
        List<string> steps = [];
        var script = new FlowScript().Edit("a", _ => steps = StepsOf(new StackTrace()));
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a"), new TestFlowOptions { Script = script, ShortCall = TimeSpan.MaxValue });

        using var reply = await gateway.PostAsync("""{"data": [{"text": "x"}], "execEndpoint": "/run"}""");

        steps.ForEach(output.WriteLine);
        Assert.InRange(steps.Count, 4, MaxSteps);
    }

    /// <summary>The classes of FlowKit on a stack, from the outside in, each once; what only calls a delegate decides nothing.</summary>
    private static List<string> StepsOf(StackTrace stack) =>
    [
        .. stack.GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType)
            .Select(type => type is { IsNested: true } ? OuterOf(type) : type)
            .OfType<Type>()
            .Where(type => type.Namespace?.StartsWith("FlowKit", StringComparison.Ordinal) == true && !type.Namespace.StartsWith("FlowKit.TestKit", StringComparison.Ordinal) && type.Assembly != typeof(RequestRoadTests).Assembly)
            .Select(type => type.Name)
            .Distinct()
            .Reverse(),
    ];

    private static Type OuterOf(Type type) => type.DeclaringType is { } outer ? OuterOf(outer) : type;
}
