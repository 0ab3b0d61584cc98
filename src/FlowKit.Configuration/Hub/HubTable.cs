using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Hub;

/// <summary>
/// Describes what stands for names of Jina's hub: a flow's <c>hub:</c>, those of the flows around it, then <c>FLOWKIT_HUB</c>.
/// </summary>
/// <param name="own">The flow's own table; <see langword="null"/> when it has none.</param>
/// <param name="path">Where the table is, for messages.</param>
/// <param name="outer">The table around it; <see langword="null"/> for none.</param>
/// <param name="diagnostics">Told what is wrong with an entry that is used.</param>
internal sealed class HubTable(Lazy<YamlMapping?> own, string path, HubTable? outer, ConfigDiagnostics diagnostics)
{
    /// <summary>The environment variable with more entries: a YAML or JSON mapping.</summary>
    public const string Variable = "FLOWKIT_HUB";

    /// <summary>
    /// Tells what a hub's name stands for, with the place where that is written; anything else, and what has no entry, stays as it is.
    /// </summary>
    public YamlScalar Map(YamlScalar uses)
    {
        if (uses.Form == ScalarForm.Unresolved || !HubName.IsHub(uses.Value.Trim()))
        {
            return uses;
        }

        var names = HubName.Candidates(uses.Value.Trim());
        return Find(names) is { } found ? found.AsUses(uses) : uses;
    }

    private Entry? Find(IReadOnlyList<string> names) =>
        names.Select(name => own.Value?.Find(name)).FirstOrDefault(entry => entry is not null) is { } written
            ? new Entry(written, path, diagnostics)
            : outer?.Find(names);

    /// <summary>The entry that was found.</summary>
    private sealed record Entry(YamlEntry Written, string Path, ConfigDiagnostics ConfigDiagnostics)
    {
        public YamlScalar AsUses(YamlScalar uses)
        {
            var message = Written.Value switch
            {
                YamlScalar { IsNull: false } scalar when HubName.IsHub(scalar.Value.Trim()) =>
                    $"expected {UsesForm.Expected}, not another name of the hub",
                YamlScalar { IsNull: false } => null,
                _ => $"expected {UsesForm.Expected}, not {Written.Value.Shown}",
            };
            if (message is null)
            {
                return (YamlScalar)Written.Value;
            }

            ConfigDiagnostics.Add(Written.Value.Place, KeyTable.Join(Path, Written.Key), message);
            return new YamlScalar(uses.Place, uses.Value, ScalarForm.Unresolved);
        }
    }
}
