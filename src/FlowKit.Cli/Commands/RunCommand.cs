using System.CommandLine;
using System.Globalization;
using FlowKit.Cli.Output;
using FlowKit.Cli.Running;
using FlowKit.Hosting.Services;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit run FLOW</c>: read, build, start, wait, stop.</summary>
internal static class RunCommand
{
    private const string Description = """
        Runs a flow until Ctrl-C, then drains it.

        Examples:
          flowkit run flows/image-search/flow.yml
          flowkit run flow.yml --port 9000 --workspace /var/lib/flow
          flowkit run flow.yml --context model=./vit-b-32 --set executors.encoder.replicas=2
        """;

    public static Command Create()
    {
        var host = new Option<string?>("--host") { Description = "The address to listen on, instead of gateway.host." };
        var port = new Option<int?>("--port") { Description = "The port to listen on, instead of gateway.port; 0 takes a free one." };
        var workspace = new Option<string?>("--workspace")
        {
            Description = "Where executors keep their files; .flowkit beside the flow by default.",
        };
        var command = new Command("run", Description) { host, port, workspace };
        var flow = new FlowOptions(command);
        var logs = new LogOptions(command);
        command.SetAction((result, cancellationToken) =>
        {
            var overrides = new Dictionary<string, string>(StringComparer.Ordinal);
            if (result.GetValue(host) is { } address)
            {
                overrides["gateway.host"] = address;
            }

            if (result.GetValue(port) is { } number)
            {
                overrides["gateway.port"] = number.ToString(CultureInfo.InvariantCulture);
            }

            var registration = new FlowRegistration("", options => flow.Read(result, overrides), () => []);
            return new FlowRun(result, logs, EndpointTableView.Show)
                .ExecuteAsync(
                    registration, options => options.Workspace = result.GetValue(workspace) ?? options.Workspace, cancellationToken);
        });
        return command;
    }
}
