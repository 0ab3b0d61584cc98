using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowKit.Cli.Autoscaling;
using FlowKit.Cli.Output;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Orchestration.Swarm;

namespace FlowKit.Cli.Commands.Export;

/// <summary><c>flowkit autoscale STACK</c>: the replicas of an exported flow on a Swarm follow its load.</summary>
internal static class AutoscaleCommand
{
    private const string Description = """
        Has the replicas of a stack on Docker Swarm follow the load that its gateways see, as 'autoscale' of the exported flow says. It goes
        on until Ctrl-C, asks the engine of a manager, and tells each change and its reason.

        Examples:
          flowkit autoscale photos
          flowkit autoscale photos --url http://node1:8080 --url http://node2:8080
        """;

    public static Command Create()
    {
        var stack = new Argument<string>("STACK") { Description = "The stack's name." };
        var url = new Option<Uri[]>("--url")
        {
            Description = "The address of a gateway, and again for each other; a name in DNS stands for all its addresses.",
            DefaultValueFactory = _ => [new Uri("http://localhost:8080")],
            CustomParser = ReadAddresses,
        };
        var apiKey = new ApiKeyOption();
        var command = new Command("autoscale", Description) { stack, url, apiKey };
        command.SetAction(async (result, cancellationToken) =>
        {
            var engine = await Engine.FindAsync(cancellationToken);
            var services = new SwarmServices(engine, result.GetRequiredValue(stack));
            var found = (await services.ReadAsync(cancellationToken)).Where(service => service.Limits is not null).ToList();
            if (found.Count == 0)
            {
                Report.Error("No service of this stack has limits: write 'autoscale' of an executor, and deploy it.");
                return CommandLine.Failed;
            }

            foreach (var service in found)
            {
                Report.Line($"{service.Name}: {service.Replicas}, from {service.Limits!.Min} to {service.Limits.Max}");
            }

            var loads = new GatewayLoads(result.GetRequiredValue(url), apiKey.Read(result));
            await new StackAutoscaler(services, loads.ReadAsync, TimeProvider.System, Tell).RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }

    private static void Tell(string line) =>
        Report.Line(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {line}"));

    private static Uri[]? ReadAddresses(ArgumentResult result)
    {
        var found = new List<Uri>();
        foreach (var token in result.Tokens)
        {
            if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                result.AddError("--url: expected an address such as http://localhost:8080.");
                return null;
            }

            found.Add(address);
        }

        return [.. found];
    }
}
