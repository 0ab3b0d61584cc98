using System.Text.RegularExpressions;

namespace FlowKit.Cli.Scaffolding;

/// <summary>A name that is a class, a folder and an image at once.</summary>
internal static partial class ScaffoldName
{
    /// <summary>The names that a new class would hide.</summary>
    private static readonly string[] s_taken =
        ["Executor", "Document", "DocumentArray", "Parameters", "NdArray", "Requests", "RequestsAttribute", "FlowKit", "Xunit", "System"];

    /// <summary>The fault of a name; <see langword="null"/> when nothing is.</summary>
    public static string? Explain(string name)
    {
        if (!Form().IsMatch(name))
        {
            return $"expected a class's name, such as Shout: a capital letter, then letters and digits, not '{name}'";
        }

        return s_taken.Contains(name, StringComparer.Ordinal) ? $"'{name}' is a name of FlowKit's own; choose another" : null;
    }

    [GeneratedRegex(@"\A[A-Z][A-Za-z0-9]{0,63}\z")]
    private static partial Regex Form();
}
