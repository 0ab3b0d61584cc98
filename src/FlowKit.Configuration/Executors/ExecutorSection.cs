using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Monitoring;
using FlowKit.Configuration.Remote;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>Reads one entry of <c>executors:</c>.</summary>
internal sealed class ExecutorSection(ConfigFiles files, FlowScope scope, ConfigDiagnostics diagnostics)
{
    private readonly EntrySection _entries = new(files, scope.Hub, diagnostics);
    private readonly NameSection _names = new(diagnostics);
    private readonly RemoteSection _remote = new(diagnostics);
    private readonly MonitoringSection _monitoring = new(diagnostics);
    private readonly LaunchSection _launch = new(diagnostics);

    /// <param name="node">The entry.</param>
    /// <param name="index">Its position, which names it when it has no name.</param>
    /// <param name="previous">The entry that it follows when it says nothing.</param>
    /// <param name="outerName">Its name in Jina 2's mapping of executors.</param>
    public ExecutorDraft? Read(YamlNode node, int index, string previous, YamlEntry? outerName = null)
    {
        if (_entries.Read(node, index, outerName, scope.File) is not { } entry)
        {
            return null;
        }

        var values = ExecutorKeys.Table.Read(entry.Keys, entry.Path, diagnostics);
        var (name, namePlace) = _names.Read(values, entry.Path, index, outerName);
        CheckMethod(values, entry.Path);
        // As in Jina the flow's port is the gateway's alone.
        var monitoringPort = values.Get(MonitoringKeys.Port);
        var needs = values.Get(ExecutorKeys.Needs);
        var config = new ExecutorConfig
        {
            Name = name,
            Needs = needs.Count > 0 ? [.. needs.Select(need => need.Value)] : [previous],
            Inspects = values.Get(ExecutorKeys.Method) == "inspect",
            Reload = values.Has(ExecutorKeys.Reload) ? values.Get(ExecutorKeys.Reload) : scope.Reload,
            Env = scope.Env.Overlaid(values.Get(ExecutorKeys.Env)),
            Description = values.Get(ExecutorKeys.Description),
            Place = entry.Keys.Place,
        };
        return entry.Opened is { IsFlow: true }
            ? new NestedFlowSection(files, scope, diagnostics).Read(entry, values, new ExecutorDraft(config, entry.Path, namePlace, needs))
            : new ExecutorDraft(Place(
                Build(config, values.Over(scope.With), entry) with { Monitoring = _monitoring.Read(values, monitoringPort, entry.Path) },
                values,
                entry), entry.Path, namePlace, needs);
    }

    /// <summary>In this process, in one of its own, in a container, or elsewhere altogether.</summary>
    private ExecutorConfig Place(ExecutorConfig config, KeyValues values, ExecutorEntry entry)
    {
        var placed = _remote.Read(config, values, entry.Path);
        return values.Get(RemoteKeys.External) ? placed : _launch.Read(placed, values, entry.Path, entry.File.Folder);
    }

    private ExecutorConfig Build(ExecutorConfig config, KeyValues values, ExecutorEntry entry)
    {
        // What runs elsewhere is for others to start, and may be of a kind that is not known here.
        var uses = new UsesSection(values.Get(RemoteKeys.External) ? new ConfigDiagnostics() : diagnostics).Read(values, entry);
        var options = new YamlJson(diagnostics);
        return Scale(config, values, entry) with
        {
            Uses = AnchorUses(uses.Uses, uses.Place, entry),
            UsesPlace = uses.Place,
            UsesWith = options.Convert(uses.With, $"{entry.Path}.uses_with"),
            UsesWithPlaces = options.Places,
            UsesWithTexts = options.Texts,
            UsesRequests = uses.Requests,
            DynamicBatching = uses.DynamicBatching,
            Workspace = ReadWorkspace(values, uses, entry),
            Description = config.Description ?? uses.Description,
            MetasName = uses.Name,
            BaseDirectory = entry.Source == scope.File ? null : entry.Source.Folder,
        };
    }

    private ExecutorConfig Scale(ExecutorConfig config, KeyValues values, ExecutorEntry entry) => config with
    {
        Replicas = ReplicasOf(values, entry.Path),
        Autoscale = values.Get(ExecutorKeys.Autoscale),
        Shards = values.Get(ExecutorKeys.Shards),
        Polling = values.Get(ExecutorKeys.Polling),
        FailOnDocumentError = values.Get(ExecutorKeys.FailOnDocumentError),
        FailOnShardError = values.Get(ExecutorKeys.FailOnShardError),
        UsesBefore = Anchor(values.Get(ExecutorKeys.UsesBefore), entry),
        UsesAfter = Anchor(values.Get(ExecutorKeys.UsesAfter), entry),
        When = values.Get(ExecutorKeys.When),
        Floating = values.Get(ExecutorKeys.Floating),
        NoReduce = values.Get(ExecutorKeys.NoReduce),
        Capacity = values.Get(ExecutorKeys.Capacity),
        CapacityBytes = values.Get(ExecutorKeys.CapacityBytes) is > 0 and var bytes ? bytes : null,
        TimeoutReady = values.Get(ExecutorKeys.TimeoutReady),
        TimeoutExecutor = values.Get(ExecutorKeys.TimeoutExecutor) is var limit && limit == Timeout.InfiniteTimeSpan ? null : limit,
        Retries = values.Get(ExecutorKeys.Retries),
        FailureThreshold = values.Get(ExecutorKeys.FailureThreshold),
        ExitOnExceptions = values.Get(ExecutorKeys.ExitOnExceptions),
        Device = values.Get(ExecutorKeys.Device),
        Gpus = values.Get(ExecutorKeys.Gpus),
        Fallback = values.Get(ExecutorKeys.Fallback),
    };

    /// <summary>Returns the number at the start: one at least, so that what cannot load is told then.</summary>
    private int ReplicasOf(KeyValues values, string path)
    {
        var replicas = values.Get(ExecutorKeys.Replicas);
        if (values.Get(ExecutorKeys.Autoscale) is not { } autoscale || autoscale.Clamp(replicas) == replicas)
        {
            return replicas;
        }

        if (values.Has(ExecutorKeys.Replicas))
        {
            diagnostics.Add(
                values.PlaceOf(ExecutorKeys.Replicas),
                $"{path}.replicas",
                $"expected {autoscale.Min} to {autoscale.Max}, as 'autoscale' beside it says, not {replicas}");
        }

        return autoscale.Clamp(replicas);
    }

    private string? ReadWorkspace(KeyValues values, UsesValues uses, ExecutorEntry entry)
    {
        var own = values.Get(ExecutorKeys.Workspace);
        if (own is not null)
        {
            return Anchor(own, values.PlaceOf(ExecutorKeys.Workspace), entry);
        }

        if (uses.Workspace is null)
        {
            return null;
        }

        return Anchor(uses.Workspace, uses.WorkspacePlace, entry);
    }

    private string? Anchor(YamlScalar? uses, ExecutorEntry entry)
    {
        if (uses is null)
        {
            return null;
        }

        if (scope.Hub.Map(uses) is var mapped)
        {
            return AnchorUses(mapped.Value, mapped.Place, entry);
        }

        return null;
    }

    private string AnchorUses(string uses, SourcePlace place, ExecutorEntry entry) =>
        UsesForm.IsPath(uses) ? Anchor(uses, place, entry) : uses;

    /// <summary>A path starts where it is written; only there may it stay as it is.</summary>
    private string Anchor(string path, SourcePlace place, ExecutorEntry entry) =>
        files.FolderOf(place, scope.File) is var folder && folder == entry.Source.Folder ? path : Path.GetFullPath(path, folder);

    private void CheckMethod(KeyValues values, string path)
    {
        if (values.Get(ExecutorKeys.Method) == "needs" && !values.Has(ExecutorKeys.Needs))
        {
            diagnostics.Add(values.PlaceOf(ExecutorKeys.Method), $"{path}.method", "expected a key 'needs' that lists what is joined");
        }
    }
}
