using System.Text.RegularExpressions;

namespace FlowKit.Configuration.Executors;

/// <summary>The form of <c>nuget://Id@version</c>: an exact version, so that a flow is the same tomorrow.</summary>
internal static partial class PackageReferenceForm
{
    /// <summary>Tells what is wrong with it; <see langword="null"/> when nothing is.</summary>
    public static string? Explain(string target) =>
        Form().IsMatch(target) ? null : "expected a package with its exact version, such as 'nuget://My.Executor@1.2.3'";

    [GeneratedRegex(@"\A[A-Za-z0-9_][\w.-]{0,99}@[0-9]+(\.[0-9]+){1,3}(-[0-9A-Za-z.-]+)?\z")]
    private static partial Regex Form();
}
