using System.Globalization;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>Describes what an executor may be called.</summary>
internal static class ExecutorNames
{
    /// <summary>The flow's entry, as <c>needs:</c> calls it.</summary>
    public const string Gateway = "gateway";

    public static string Default(int index) => $"executor{index.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>An entry's path in messages. Names made of variables stay out of it: they may be secret.</summary>
    public static string PathOf(YamlNode entry, int index, string? outerName = null)
    {
        var written = (entry as YamlMapping)?.Find("name")?.Value as YamlScalar;
        var shown = written is { IsNull: false, Form: ScalarForm.Plain or ScalarForm.Text }
            && !written.Value.Contains("${{", StringComparison.Ordinal)
            ? written.Value
            : outerName;
        return $"executors.{(shown is null ? Default(index) : YamlScalar.Shorten(shown))}";
    }

    /// <summary>Python's rule for identifiers: letters, digits and underscores, and no digit first.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsDigit(name[0]) && name.All(character => char.IsLetterOrDigit(character) || character == '_');
}
