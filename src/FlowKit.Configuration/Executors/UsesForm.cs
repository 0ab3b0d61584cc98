using System.Text.RegularExpressions;
using FlowKit.Configuration.Hub;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>
/// Tells the forms of <c>uses</c> apart: those that name an executor, a YAML file, and those that Jina knows and FlowKit does not yet.
/// </summary>
internal static partial class UsesForm
{
    /// <summary>The forms that may name an executor.</summary>
    public const string Expected = "an executor's name or class, or the path of a C# file, a project's folder or an assembly";

    /// <summary>The scheme by which <c>uses</c> names an image.</summary>
    public const string ImageScheme = "docker://";

    private static readonly string[] YamlEndings = [".yml", ".yaml", ".jaml"];

    /// <summary>Tells what is wrong with it; <see langword="null"/> when it may name an executor.</summary>
    /// <param name="uses">The text.</param>
    /// <param name="allowsImage">Whether it may name an image.</param>
    public static string? Explain(YamlScalar uses, bool allowsImage = false)
    {
        var text = uses.Value.Trim();
        if (allowsImage && text.StartsWith(ImageScheme, StringComparison.Ordinal))
        {
            return ImageOf(text) is null ? $"expected an image such as docker://name:tag, not {uses.Shown}" : null;
        }

        if (text.Length == 0)
        {
            return $"expected {Expected}, not an empty text";
        }

        if (text.Any(char.IsControl))
        {
            return $"expected {Expected}, not {uses.Shown}";
        }

        if (text[0] == '_')
        {
            return $"{uses.Shown} is a name of Jina 1; leave 'uses' out: an entry without it passes documents on, and joins what it needs";
        }

        if (SchemeOf(text) is { } scheme)
        {
            return ExplainScheme(scheme, text, uses);
        }

        if (IsInline(text))
        {
            return "not supported yet: YAML or JSON inside a text; write it as a mapping";
        }

        if (IsYamlFile(text))
        {
            return $"expected {Expected}, not a YAML file";
        }

        if (text.EndsWith(".py", StringComparison.OrdinalIgnoreCase))
        {
            return Declare.PythonFile;
        }

        return null;
    }

    /// <summary>Tells whether it names a YAML file: of an executor, a deployment or a flow.</summary>
    public static bool IsYamlFile(string uses) =>
        SchemeOf(uses) is null && !IsInline(uses) && YamlEndings.Any(ending => uses.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Tells whether it is a path, from its file's folder.</summary>
    public static bool IsPath(string uses) => UsesReference.Parse(uses).IsPath;

    /// <summary>The image that it names; <see langword="null"/> when it names none.</summary>
    public static string? ImageOf(string uses) =>
        uses.Trim() is var text && text.StartsWith(ImageScheme, StringComparison.Ordinal) && ImageName().IsMatch(text[ImageScheme.Length..])
            ? text[ImageScheme.Length..]
            : null;

    private static string? SchemeOf(string uses) =>
        uses.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end ? uses[..end].Trim().ToLowerInvariant() : null;

    private static bool IsInline(string uses) =>
        uses.TrimStart() is var text && (text is ['!' or '{', ..] || text.StartsWith("jtype:", StringComparison.Ordinal));

    private static string? ExplainScheme(string scheme, string text, YamlScalar uses)
    {
        if (HubName.IsHub(text))
        {
            return HubName.Candidates(text).Count > 0 ? null : $"expected a name after '{scheme}://'";
        }

        if (scheme == "nuget")
        {
            return PackageReferenceForm.Explain(UsesReference.Parse(text).Target);
        }

        if (scheme == "docker")
        {
            return $"an image stands under 'uses' of an executor; expected {Expected}";
        }

        if (scheme is "http" or "https")
        {
            return $"not supported yet: executors from the web; expected {Expected}";
        }

        return $"{(uses.Form == ScalarForm.Substituted ? uses.Shown : $"'{YamlScalar.Shorten(scheme)}://'")} is not known; expected "
            + $"{Expected}";
    }

    /// <summary>Tells what an engine takes for an image; it never looks like an option.</summary>
    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,254}\z")]
    private static partial Regex ImageName();
}
