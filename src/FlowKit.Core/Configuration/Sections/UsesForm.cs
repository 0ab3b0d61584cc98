namespace FlowKit.Configuration;

/// <summary>Tells the forms of <c>uses</c> that Jina knows and FlowKit does not yet.</summary>
internal static class UsesForm
{
    private static readonly string[] YamlEndings = [".yml", ".yaml", ".jaml"];

    /// <summary>What is wrong with it; <see langword="null"/> when it may name an executor.</summary>
    public static string? Explain(string uses)
    {
        var scheme = uses.IndexOf("://", StringComparison.Ordinal);
        return uses.Trim().Length == 0 ? "expected an executor's name, its class, or a C# file, not an empty text"
            : scheme >= 0 ? ExplainScheme(uses[..scheme].ToLowerInvariant())
            : uses.TrimStart() is ['!' or '{', ..] || uses.TrimStart().StartsWith("jtype", StringComparison.Ordinal) ? "not supported yet: YAML or JSON inside a text; write it as a mapping"
            : IsYamlFile(uses) ? "not supported yet: an executor's own YAML file; write jtype, with and metas here"
            : uses.EndsWith(".py", StringComparison.OrdinalIgnoreCase) ? Declare.Python
            : null;
    }

    private static string ExplainScheme(string scheme) =>
        scheme.StartsWith("jinahub", StringComparison.Ordinal) || scheme.StartsWith("jinaai", StringComparison.Ordinal) ? "not supported yet: containers and executors of a hub; expected an executor's name, its class, or a C# file"
        : scheme == "docker" ? "not supported yet: containers; expected an executor's name, its class, or a C# file"
        : scheme is "http" or "https" ? "not supported yet: executors from the web; expected an executor's name, its class, or a C# file"
        : $"'{YamlScalar.Shorten(scheme)}://' is not known; expected an executor's name, its class, or a C# file";

    private static bool IsYamlFile(string uses) =>
        YamlEndings.Any(ending => uses.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
