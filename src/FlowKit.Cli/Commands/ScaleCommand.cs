using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowKit.Client;
using FlowKit.Configuration.Executors;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit scale EXECUTOR REPLICAS</c>.</summary>
internal static class ScaleCommand
{
    private const string Description = """
        Changes how many replicas of an executor serve in a running flow, without losing a request. On the flow's own machine, as its
        user, it needs no key; elsewhere it needs one with the scope admin.

        Examples:
          flowkit scale encoder 4
          flowkit scale encoder 1 --url http://localhost:9000
        """;

    public static Command Create()
    {
        var executor = new Argument<string>("EXECUTOR") { Description = "The executor's name in the flow." };
        var replicas = new Argument<int>("REPLICAS")
        {
            Description = $"How many, 1 to {ExecutorConfig.MaxReplicas}.",
            CustomParser = ReadReplicas,
        };
        var url = new Option<string>("--url") { Description = "The flow's address.", DefaultValueFactory = _ => "http://localhost:8080" };
        var apiKey = new ApiKeyOption();
        var command = new Command("scale", Description) { executor, replicas, url, apiKey };
        command.SetAction((result, cancellationToken) =>
            ScaleAsync(
                apiKey.Connect(result, result.GetRequiredValue(url)),
                result.GetRequiredValue(executor),
                result.GetRequiredValue(replicas),
                cancellationToken));
        return command;
    }

    private static int ReadReplicas(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            && replicas is >= 1 and <= ExecutorConfig.MaxReplicas)
        {
            return replicas;
        }

        result.AddError($"REPLICAS: expected a whole number from 1 to {ExecutorConfig.MaxReplicas}.");
        return 0;
    }

    private static async Task<int> ScaleAsync(FlowClient flow, string executor, int replicas, CancellationToken cancellationToken)
    {
        await using var client = flow;
        await client.ScaleAsync(executor, replicas, cancellationToken);
        await Console.Out.WriteLineAsync(
            $"{executor}: {replicas} {(replicas == 1 ? "replica" : "replicas")}".AsMemory(), cancellationToken);
        return 0;
    }
}
