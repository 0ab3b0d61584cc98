using System.CommandLine;
using FlowKit.Cli.Output;
using FlowKit.Components;
using FlowKit.Orchestration.Export;
using FlowKit.Orchestration.Images;
using FlowKit.Orchestration.Kubernetes;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Orchestration.Swarm;
using FlowKit.Sources;

namespace FlowKit.Cli.Commands.Export;

/// <summary><c>flowkit deploy swarm|kubernetes</c>: exports a flow, has an engine run it, and waits until it does.</summary>
internal static class DeployCommand
{
    private const double DefaultTimeout = 600;

    private const string Description = "Exports a flow, has an engine run it, waits, and goes back where it does not: swarm, kubernetes.";

    public static Command Create() => new("deploy", Description)
    {
        Swarm(),
        Kubernetes(),
    };

    private static Command Swarm()
    {
        var stack = new Argument<string>("STACK") { Description = "The stack's name." };
        var resolves = new Option<bool>("--local-images") { Description = "Takes images as the nodes have them, and asks no registry." };
        return Create(
            ExportTarget.Swarm,
            """
            Deploys a flow as a stack on Docker Swarm, and waits until every service runs. Where one does not, all that were changed go back
            to the version before, and the exit code is 1.

            Examples:
              flowkit deploy swarm photos flow.yml --image-prefix registry.example.com/team --tag 2
              flowkit deploy swarm photos flow.yml --build --local-images
            """,
            stack,
            [resolves],
            async (result, folder, _, timeout, cancellationToken) => await new StackDeployment(
                await Engine.FindAsync(cancellationToken), result.GetRequiredValue(stack), TimeProvider.System, Report.Line).RunAsync(
                    Path.Combine(folder, "stack.yml"), !result.GetValue(resolves), timeout, cancellationToken));
    }

    private static Command Kubernetes() => Create(
        ExportTarget.Kubernetes,
        """
        Applies a flow to Kubernetes by kubectl, and waits until every workload is rolled out. Where one is not, all that were changed go
        back to the revision before, and the exit code is 1.

        Examples:
          flowkit deploy kubernetes flow.yml --image-prefix registry.example.com/team --tag 2 --namespace photos
        """,
        null,
        [],
        async (_, folder, options, timeout, cancellationToken) =>
        {
            if (!Engine.IsOnPath(ClusterDeployment.Command))
            {
                throw new FlowKitException(FlowErrorCode.FailedPrecondition, "Kubernetes is asked by 'kubectl', which is not on the PATH.");
            }

            await new ClusterDeployment(new Engine(ClusterDeployment.Command, ""), options.Namespace, TimeProvider.System, Report.Line)
                .RunAsync(folder, timeout, cancellationToken);
        });

    private static Command Create(
        ExportTarget target, string description, Argument? name, IReadOnlyList<Option> own,
        Func<ParseResult, string, ExportOptions, TimeSpan, CancellationToken, Task> deploy)
    {
        var command = new Command(target.ToString().ToLowerInvariant(), description);
        if (name is not null)
        {
            command.Add(name);
        }

        var flow = new FlowOptions(command);
        var output = new Option<string?>("--output") { Description = "The folder that the export is kept in; none by default." };
        var builds = new Option<bool>("--build") { Description = "Builds the images of the flow's own executors first." };
        var timeout = new Option<double>("--timeout")
        {
            Description = "The seconds that it may take until all run.",
            DefaultValueFactory = _ => DefaultTimeout,
        };
        timeout.RequireSeconds();
        foreach (var option in own.Concat([output, builds, timeout]))
        {
            command.Add(option);
        }

        var choices = new ExportChoices(command, target);
        command.SetAction(async (result, cancellationToken) =>
        {
            var kept = result.GetValue(output);
            var folder = kept ?? Directory.CreateTempSubdirectory("flowkit-deploy-").FullName;
            try
            {
                var options = choices.Read(result);
                await ExportAsync(result, flow, target, folder, options, result.GetValue(builds), cancellationToken);
                await deploy(result, folder, options, TimeSpan.FromSeconds(result.GetValue(timeout)), cancellationToken);
                return 0;
            }
            finally
            {
                if (kept is null)
                {
                    UnfinishedFolder.Remove(folder);
                }
            }
        });
        return command;
    }

    private static async Task ExportAsync(
        ParseResult result, FlowOptions flow, ExportTarget target, string folder, ExportOptions options, bool builds,
        CancellationToken cancellationToken)
    {
        var exported = FlowExport.Write(
            flow.PathOf(result), flow.ReadOptions(result), target, folder, ComponentCatalog.ScanApplication().With(ExecutorSources.Default),
            options);
        foreach (var note in exported.Notes)
        {
            Report.Warning(note);
        }

        foreach (var (image, source) in builds ? exported.Images : new Dictionary<string, string>())
        {
            Report.Line($"Building {image} of {source}");
            await ImageBuild.RunAsync(source, image, options.Image, Report.Warning, cancellationToken);
        }
    }
}
