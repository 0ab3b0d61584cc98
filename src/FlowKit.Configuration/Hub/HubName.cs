namespace FlowKit.Configuration.Hub;

/// <summary>
/// A name of Jina's hub: <c>jinahub://Name[:tag]</c>, <c>jinahub+docker://Name/tag</c>, <c>jinaai://user/Name[:tag]</c>. There is no hub
/// any more; what stands for a name is written in a flow's <c>hub:</c>, in <c>FLOWKIT_HUB</c>, or built in.
/// </summary>
internal static class HubName
{
    private static readonly string[] s_schemes =
        ["jinahub://", "jinahub+docker://", "jinahub+sandbox://", "jinaai://", "jinaai+docker://", "jinaai+sandbox://"];

    /// <summary>Tells what Jina calls an executor that has another name here.</summary>
    private static readonly Dictionary<string, string> s_builtIn = new(StringComparer.Ordinal)
    {
        ["CLIPImageEncoder"] = "ClipImageEncoder",
        ["CLIPTextEncoder"] = "ClipTextEncoder",
        ["CLIPEncoder"] = "ClipEncoder",
        ["CLIPTorchEncoder"] = "ClipEncoder",
        ["CLIPOnnxEncoder"] = "ClipEncoder",
        ["SimpleIndexer"] = "VectorIndexer",
        ["SimpleRanker"] = "ClipRanker",
    };

    public static bool IsHub(string uses) => s_schemes.Any(scheme => uses.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>The executor's own name, without user and tag.</summary>
    public static string Bare(string uses) => Candidates(uses)[2];

    /// <summary>
    /// Tells what it may be called in a table, the most exact first: with its user and tag, without the tag, the bare name.
    /// </summary>
    public static IReadOnlyList<string> Candidates(string uses)
    {
        var rest = uses[(uses.IndexOf("://", StringComparison.Ordinal) + 3)..].Trim().Trim('/');
        var untagged = string.Join('/', rest.Split('/').Select(part => part.Split(':')[0]));
        var parts = untagged.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // jinahub://Name/tag, but jinaai://user/Name
        var bare = uses.StartsWith("jinaai", StringComparison.OrdinalIgnoreCase) ? parts.Reverse() : parts;
        return [.. new[] { rest, untagged }.Concat(bare).Where(name => name.Length > 0)];
    }

    /// <summary>Tells what is called so here, when it is called otherwise.</summary>
    public static string? BuiltIn(string name) => s_builtIn.GetValueOrDefault(name);
}
