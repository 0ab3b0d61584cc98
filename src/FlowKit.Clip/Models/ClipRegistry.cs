using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Clip.Models;

/// <summary>The models that FlowKit knows by name, read from <c>Models/Registry/*.json</c>, which are embedded in this assembly.</summary>
public static class ClipRegistry
{
    private static readonly Lazy<Dictionary<string, ClipRegistryEntry>> Index = new(Read);

    /// <summary>Every model, in the order of the data files.</summary>
    public static IReadOnlyList<ClipRegistryEntry> All { get; } = [.. Families().SelectMany(ReadFamily)];

    /// <summary>Finds a model by its name or an alias; case, and which of <c>- _ / : @</c> stands between, do not matter.</summary>
    /// <param name="name">
    /// Such as <c>ViT-B-32::openai</c>, <c>ViT-B/32</c>, <c>openai/clip-vit-base-patch32</c>, <c>clip/ViT-B-32</c>.
    /// </param>
    /// <returns>The model, or <see langword="null"/>.</returns>
    public static ClipRegistryEntry? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Index.Value.GetValueOrDefault(Key(name));
    }

    /// <summary>The names most like <paramref name="name"/>, for an error message.</summary>
    internal static IEnumerable<string> Near(string name)
    {
        var key = Key(name);
        return All
            .Select(static entry => entry.Name)
            .Select(known => (known, Shared: Key(known).Zip(key).TakeWhile(static pair => pair.First == pair.Second).Count()))
            .Where(static match => match.Shared >= 4)
            .OrderByDescending(static match => match.Shared)
            .Select(static match => match.known)
            .Take(5);
    }

    /// <summary>Every spelling of a name comes down to this.</summary>
    internal static string Key(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));

    private static Dictionary<string, ClipRegistryEntry> Read()
    {
        var index = new Dictionary<string, ClipRegistryEntry>(StringComparer.Ordinal);
        foreach (var entry in All)
        {
            foreach (var key in Spellings(entry).Select(Key).Distinct())
            {
                if (!index.TryAdd(key, entry))
                {
                    throw new InvalidOperationException($"The registry has the name '{key}' twice: {index[key].Name} and {entry.Name}.");
                }
            }
        }

        return index;
    }

    /// <summary>The hub's names count too: that is what a folder pulled by other tools is called.</summary>
    private static IEnumerable<string> Spellings(ClipRegistryEntry entry)
    {
        var names = entry.Aliases.Append(entry.Name).ToList();
        return names
            .Concat(names.Select(static name => "immich-app/" + name))
            .Concat(entry.Hub is { } hub ? [hub.Repo, hub.Repo[(hub.Repo.IndexOf('/', StringComparison.Ordinal) + 1)..]] : []);
    }

    private static IEnumerable<string> Families() =>
        Assembly.GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(static name => name.StartsWith("registry/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<ClipRegistryEntry> ReadFamily(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var root = JsonNode.Parse(stream)!.AsObject();
        foreach (var model in root["models"]!.AsArray())
        {
            var values = CardReader.Merge(root["defaults"]!.AsObject(), model!.AsObject());
            var aliases = values["aliases"]?.AsArray().Select(static alias => alias!.GetValue<string>()).ToArray() ?? [];
            var hub = values["hub"]?.Deserialize<ClipHubSource>(CardReader.Format);
            values.Remove("aliases");
            values.Remove("hub");
            yield return new ClipRegistryEntry(root["family"]!.GetValue<string>(), values, aliases, hub);
        }
    }
}
