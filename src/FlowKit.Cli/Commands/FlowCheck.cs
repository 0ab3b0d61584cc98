using FlowKit.Cli.Output;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Graph;
using FlowKit.Hosting.Inputs;
using FlowKit.Runtime;
using FlowKit.Sources;

namespace FlowKit.Cli.Commands;

/// <summary>
/// Checks a flow in all its phases: what the file says, what its executors take, what it names on the disk. A mistake of one phase does not
/// hide those of the next.
/// </summary>
internal static class FlowCheck
{
    /// <summary>Returns the checked flow.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it may refer to.</param>
    /// <param name="builds">Whether executors of the flow's own are built and loaded, which runs code of theirs.</param>
    /// <exception cref="FlowConfigException">Every mistake.</exception>
    public static FlowConfig Run(string path, FlowReadOptions options, bool builds)
    {
        var config = FlowConfigReader.ReadLeniently(path, options, out var written);
        Report.Warnings(config);
        if (!builds)
        {
            TellUnbuilt(config);
        }

        List<ConfigError> errors =
            [.. written, .. ErrorsOf(() => CheckExecutors(config, written, builds)), .. MissingInputs(config)];
        if (errors.Count == 0)
        {
            errors.AddRange(ErrorsOf(() => FlowGraphBuilder.Build(config)));
        }

        return errors.Count == 0 ? config : throw new FlowConfigException(errors);
    }

    /// <summary>Leaves out entries whose executor is not known because of a mistake that is told already.</summary>
    private static void CheckExecutors(FlowConfig config, IReadOnlyList<ConfigError> written, bool builds)
    {
        var known = config.Executors.Where(executor => written.Count == 0 || executor.UsesPlace != executor.Place).ToList();
        FlowRuntime.CheckExecutors(
            config with { Executors = known },
            ComponentCatalog.ScanApplication().With(builds ? ExecutorSources.Default : ExecutorSources.Unbuilt),
            executor => Report.Line($"Building {executor.Name} ({executor.Uses}) …"));
    }

    private static void TellUnbuilt(FlowConfig config)
    {
        var unbuilt = config.Executors
            .Where(executor => UsesReference.Parse(executor.Uses).Origin is not (UsesOrigin.Name or UsesOrigin.Hub))
            .Select(executor => executor.Name).ToList();
        if (unbuilt.Count > 0)
        {
            Report.Line($"These are not built, so that their options and endpoints are not checked: {string.Join(", ", unbuilt)}.");
        }
    }

    private static IEnumerable<ConfigError> MissingInputs(FlowConfig config)
    {
        for (var index = 0; index < config.OnStart.Count; index++)
        {
            var entry = config.OnStart[index];
            var excludes = entry.Inputs.Where(input => input.StartsWith('!')).ToList();
            foreach (var (input, place) in entry.Inputs.Zip(entry.InputPlaces).Where(input => !input.First.StartsWith('!')))
            {
                if (ReasonOf(() => InputFiles.Find([input, .. excludes], config.BaseDirectory)) is { } reason)
                {
                    yield return new ConfigError(place, $"on_start[{index}].inputs", reason);
                }
            }
        }
    }

    private static string? ReasonOf(Action find)
    {
        const string Prefix = "inputs: ";
        try
        {
            find();
            return null;
        }
        catch (FlowKitException exception)
        {
            return exception.Message.StartsWith(Prefix, StringComparison.Ordinal)
                ? exception.Message[Prefix.Length..].TrimEnd('.')
                : exception.Message;
        }
    }

    private static IReadOnlyList<ConfigError> ErrorsOf(Action check)
    {
        try
        {
            check();
            return [];
        }
        catch (FlowConfigException exception)
        {
            return exception.Errors;
        }
    }
}
