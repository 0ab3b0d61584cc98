using System.CommandLine;
using FlowKit.Cli.Output;
using FlowKit.Components;
using FlowKit.Orchestration.Export;
using FlowKit.Orchestration.Images;
using FlowKit.Sources;

namespace FlowKit.Cli.Commands.Export;

/// <summary><c>flowkit export compose|swarm|kubernetes DIR FLOW</c>.</summary>
internal static class ExportTargetCommand
{
    public static Command Create(ExportTarget target, string description)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder that is written to; it is made where it is not there." };
        var command = new Command(target.ToString().ToLowerInvariant(), description) { folder };
        var flow = new FlowOptions(command);
        var builds = new Option<bool>("--build") { Description = "Builds the images of the flow's own executors too." };
        command.Add(builds);
        var choices = new ExportChoices(command, target);
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = choices.Read(result);
            var exported = FlowExport.Write(
                flow.PathOf(result),
                flow.ReadOptions(result),
                target,
                result.GetRequiredValue(folder),
                ComponentCatalog.ScanApplication().With(ExecutorSources.Default),
                options);
            if (result.GetValue(builds))
            {
                foreach (var (image, source) in exported.Images)
                {
                    await ImageBuild.RunAsync(source, image, options.Image, line => Report.Warning(line), cancellationToken);
                }
            }

            Tell(exported, target, result.GetRequiredValue(folder), options, result.GetValue(builds));
            return 0;
        });
        return command;
    }

    private static void Tell(ExportResult exported, ExportTarget target, string folder, ExportOptions options, bool isBuilt)
    {
        foreach (var file in exported.Files)
        {
            Report.Line(Path.Combine(folder, file));
        }

        foreach (var (image, source) in exported.Images.Where(_ => !isBuilt))
        {
            Report.Line($"To build: flowkit build {source} --tag {image} --image {options.Image}");
        }

        foreach (var secret in exported.Secrets)
        {
            Report.Line(target == ExportTarget.Kubernetes
                ? $"To give: the secret {secret}, which no file holds: see the name under secretKeyRef, and kubectl create secret generic"
                : $"To give: the variable {secret}, which no file holds, to docker");
        }

        foreach (var note in exported.Notes)
        {
            Report.Warning(note);
        }
    }
}
