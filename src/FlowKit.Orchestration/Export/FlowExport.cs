using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Orchestration.Export.Compose;
using FlowKit.Orchestration.Export.Kubernetes;
using FlowKit.Orchestration.Export.Plan;

namespace FlowKit.Orchestration.Export;

/// <summary>
/// Exports a flow to an engine that runs it on many machines: the gateway with the same flow, in which the executors are external, and
/// each executor by itself. The flow is read once into a plan, which writers make files of.
/// </summary>
public static class FlowExport
{
    /// <summary>Writes the files.</summary>
    /// <param name="path">The flow's file.</param>
    /// <param name="read">What it may refer to, and what overrides it.</param>
    /// <param name="target">The engine.</param>
    /// <param name="folder">The folder that is written to; it is made where it is not there.</param>
    /// <param name="catalog">The executors that <c>uses:</c> can name.</param>
    /// <param name="options">The choices that the flow does not make.</param>
    /// <exception cref="FlowConfigException">The flow is not valid, or has something that cannot be exported.</exception>
    public static ExportResult Write(
        string path, FlowReadOptions read, ExportTarget target, string folder, ComponentCatalog catalog, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var variables = new FlowVariables(read.Environment);
        var config = FlowConfigReader.Read(path, read with { Environment = variables.Find });
        var plan = FlowPlanner.Plan(config, variables, catalog, options);
        var files = FilesOf(plan, target, options);
        foreach (var (name, text) in files)
        {
            var file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        return new ExportResult(
            [.. files.Select(file => file.Name)],
            plan.Executors.Where(unit => unit.Source is not null).DistinctBy(unit => unit.Image)
                .ToDictionary(unit => unit.Image, unit => unit.Source!, StringComparer.Ordinal),
            plan.Secrets,
            [.. plan.Notes, .. target == ExportTarget.Swarm ? SwarmWriter.NotesOf(plan) : []]);
    }

    private static IReadOnlyList<ExportedFile> FilesOf(FlowPlan plan, ExportTarget target, ExportOptions options) =>
        target switch
        {
            ExportTarget.Compose => ComposeWriter.Write(plan),
            ExportTarget.Swarm => SwarmWriter.Write(plan, options),
            ExportTarget.Kubernetes => KubernetesWriter.Write(plan, options),
            _ => throw new ArgumentOutOfRangeException(nameof(target)),
        };
}
